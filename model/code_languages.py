"""Names of programming languages: the canonical one, aliases, and file extensions."""

from __future__ import annotations

# Canonical name: first the file extension, then aliases found in code fences, in `language-…`
# classes of exports, and in queries.
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
    """Return the canonical name: `py` becomes `python`; an unknown label is only lowercased."""
    name = label.strip().casefold()
    return _NAMES.get(name, name)


def file_extension(language: str) -> str:
    """Return a language's file extension without the dot, `txt` if unknown."""
    return _EXTENSIONS.get(name_language(language), "txt")
