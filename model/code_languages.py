"""The names of programming languages: the archive's own, and the others that people use."""

from __future__ import annotations

# The archive's name, then the extension of its files and what else it is called: in the fences and
# `language-…` classes of exports, and by people who search.
_LANGUAGES = {
    "bash": "sh shell zsh console shell-session shellscript баш",
    "c": "c",
    "cpp": "cpp c++ cxx cc hpp",
    "csharp": "cs c#",
    "css": "css",
    "dart": "dart",
    "diff": "diff patch",
    "dockerfile": "dockerfile docker докер",
    "go": "go golang го",
    "haskell": "hs",
    "html": "html htm",
    "ini": "ini",
    "java": "java джава ява",
    "javascript": "js jsx mjs node nodejs джаваскрипт",
    "json": "json jsonc json5",
    "julia": "jl",
    "kotlin": "kt kts котлин",
    "latex": "tex",
    "lua": "lua",
    "markdown": "md",
    "perl": "pl",
    "php": "php",
    "powershell": "ps1 pwsh",
    "python": "py python3 py3 ipython pycon питон пайтон",
    "r": "r",
    "ruby": "rb руби",
    "rust": "rs раст",
    "scala": "scala скала",
    "sql": "sql postgresql postgres pgsql plpgsql mysql sqlite эскуэль скл",
    "swift": "swift",
    "toml": "toml",
    "typescript": "ts tsx",
    "xml": "xml",
    "yaml": "yaml yml",
}
_EXTENSIONS = {name: names.split()[0] for name, names in _LANGUAGES.items()}
_NAMES = {other: name for name, names in _LANGUAGES.items() for other in names.split()}


def name_language(label: str) -> str:
    """Return the archive's name for a language: `py` is `python`, an unknown label stays itself."""
    name = label.strip().casefold()
    return _NAMES.get(name, name)


def file_extension(language: str) -> str:
    """Return the extension of a language's files without the dot, `txt` for an unknown language."""
    return _EXTENSIONS.get(name_language(language), "txt")
