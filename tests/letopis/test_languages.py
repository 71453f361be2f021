"""The language of the person at the terminal."""

from __future__ import annotations

import pytest

from letopis.languages import terminal_language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        pytest.param({}, "ru", id="nothing set"),
        pytest.param({"LANG": "C.UTF-8"}, "ru", id="no language"),
        pytest.param({"LANG": "en_US.UTF-8"}, "en", id="English"),
        pytest.param({"LC_ALL": "ru_RU.UTF-8", "LANG": "en_US.UTF-8"}, "ru", id="the stronger"),
    ],
)
def test_the_environment_tells_the_language(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str
) -> None:
    """Where nothing is set, the language is that of the channel's readers."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert terminal_language() == language
