"""Plain words that people type instead of commands, in either language."""

from __future__ import annotations

_WORDS = {
    "help": "help помощь помоги справка команды commands меню menu",
    "start": "start старт начать привет здравствуйте hello hi",
    "tags": "tags теги тэги хештеги хэштеги hashtags",
    "recent": "recent latest последние свежее новое новые",
    "random": "random случайный случайное наугад",
    "stats": "stats statistics статистика",
    "saved": "saved подписки",
    "lang": "language язык",
    "privacy": "privacy приватность",
}
_COMMANDS = {word: command for command, words in _WORDS.items() for word in words.split()}
_SECOND = frozenset({"пост", "посты", "post", "posts"})
"""May follow: «последние посты», "random post"."""


def command_meant(text: str) -> str:
    """Return the command that a whole message stands for, or `""`."""
    words = text.casefold().strip(" .!?").split()
    if len(words) == 2 and words[1] in _SECOND:
        words = words[:1]
    return _COMMANDS.get(words[0], "") if len(words) == 1 else ""
