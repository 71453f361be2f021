"""What deploy/ says agrees with the program that is deployed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from letopis.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def packages() -> list[str]:
    """Return the packages that the wheel holds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    found = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    return [str(name) for name in found]


def test_container_holds_every_package() -> None:
    """The Dockerfile copies what the wheel needs, and the build is shown no more than that."""
    docker = (DEPLOY / "Dockerfile").read_text("utf-8")
    shown = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    compose = (DEPLOY / "compose.scale.yaml").read_text("utf-8")

    copied = re.findall(r"^COPY (\w+) \1$", docker, re.MULTILINE)
    assert sorted(copied) == sorted(packages())
    locks = re.findall(r"LOCK[=:] ?(.+)", docker + compose)
    assert len(locks) == 2
    assert {f"!{name}" for name in packages() + locks} <= set(shown)
    assert shown[0] == "*"


@pytest.mark.parametrize(
    "path",
    [
        "deploy/letopis.service",
        "deploy/compose.yaml",
        "deploy/compose.scale.yaml",
        "docs/scale.md",
        "README.md",
        "README.ru.md",
    ],
)
def test_settings_named_are_settings(path: str) -> None:
    """Every LETOPIS_… in what a person copies is read by the program."""
    own = {"HOME", "DEBUG", "LANG"}  # environment variables only
    named = set(re.findall(r"LETOPIS_([A-Z_]+[A-Z])", (ROOT / path).read_text("utf-8"))) - own

    assert named
    assert {name.lower().partition("__")[0] for name in named} <= set(Settings.model_fields)


def test_bots_on_servers_differ_by_their_folders_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their settings are valid, and nothing but them reaches the servers."""
    compose = (DEPLOY / "compose.scale.yaml").read_text("utf-8")

    bot = r"^  (\w+):\n    <<: \*letopis\n    volumes: \[\"(\w+):/data\"\]\n\n"
    bots = re.findall(bot, compose, re.MULTILINE)
    assert bots == [("bot", "bot"), ("standby", "standby")]
    assert "ports:" not in compose
    for name, value in re.findall(r"^    (LETOPIS_\w+): (.+)$", compose, re.MULTILINE):
        monkeypatch.setenv(name, re.sub(r"\$\{\w+(:\?[^}]+)?\}", "secret", value))
    assert Settings().index.engine == "opensearch"


def test_service_is_not_started_again_in_vain() -> None:
    """Exit code 2 is a setting to mend; and the end has more time than any answer takes."""
    unit = (DEPLOY / "letopis.service").read_text("utf-8")

    assert "RestartPreventExitStatus=2\n" in unit
    assert "TimeoutStopSec=60\n" in unit
    assert "ExecStart=/opt/letopis/bin/letopis bot\n" in unit


@pytest.mark.parametrize("readme", ["README.md", "README.ru.md"])
@pytest.mark.parametrize(
    ("path", "sign"), [("letopis.service", "systemctl"), ("compose.yaml", "docker compose")]
)
def test_readme_starts_it_as_the_file_says(readme: str, path: str, sign: str) -> None:
    """Five lines, the same in both."""
    blocks = re.findall(
        "^```sh\n(.*?)^```$", (ROOT / readme).read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    [block] = [block for block in blocks if sign in block]
    lines = block.splitlines()

    assert len(lines) == 5
    assert "\n".join(f"#   {line}" for line in lines) in (DEPLOY / path).read_text("utf-8")
