"""The language of the person at the terminal."""

from __future__ import annotations

import pytest

from letopis.languages import terminal_language, terminal_texts


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        pytest.param({}, "en", id="nothing set"),
        pytest.param({"LANG": "C.UTF-8"}, "en", id="no language"),
        pytest.param({"LC_ALL": "POSIX", "LANG": "ru_RU.UTF-8"}, "en", id="POSIX is stronger"),
        pytest.param({"LANG": "de_DE.UTF-8"}, "en", id="another language"),
        pytest.param({"LANG": "ru"}, "ru", id="Russian"),
        pytest.param({"LC_MESSAGES": "ru_RU.UTF-8", "LANG": "en_US.UTF-8"}, "ru", id="stronger"),
        pytest.param({"LETOPIS_LANG": "en", "LC_ALL": "ru_RU.UTF-8"}, "en", id="as asked"),
        pytest.param({"LETOPIS_LANG": "ru", "LC_ALL": "C"}, "ru", id="Russian as asked"),
    ],
)
def test_the_environment_tells_the_language(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str
) -> None:
    """`LETOPIS_LANG` comes before the locale; where neither says, it is English."""
    _set(monkeypatch, environment)
    assert terminal_texts().code == language


def test_the_demo_speaks_russian_where_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its channel is in Russian; a language that is set is heeded."""
    _set(monkeypatch, {"LANG": "C"})
    assert terminal_language(default="ru") == "ru"
    _set(monkeypatch, {"LANG": "de_DE"})
    assert terminal_language(default="ru") == "de"


def _set(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name in ("LETOPIS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
