"""Every pattern of the product does linear work on any text, so no text can stop it."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ingest import code_lines, languages
from tests.pumping import find_blow_up

pytestmark = pytest.mark.slow

_PACKAGES = ("model", "workers", "db", "ingest", "search", "bot", "letopis")
_NO_MODULES = (".migrations.", "__main__")
# What cuts lines before its patterns see them, and to which length.
_COLUMNS = {
    "ingest.languages": languages._COLUMNS,
    "ingest.code_lines": code_lines.LONGEST_LINE,
    "ingest.code_detection": code_lines.LONGEST_LINE,
}
_AT_THE_BEGINNING = {"match", "fullmatch", "pattern"}
# Functions that compile what is fixed: a file of the package, a table, a word that is escaped.
_COMPILED_LATER = {
    "_compile_marks",
    "_is_option",
    "_read_signs",
    "_reader",
    "_replace",
    "_replaced",
}


@dataclass(frozen=True, slots=True)
class _Use:
    """A pattern, and how the product uses it."""

    place: str
    pattern: re.Pattern[Any]
    anchored: bool = False
    columns: int | None = None


def _modules() -> Iterator[ModuleType]:
    for package in map(importlib.import_module, _PACKAGES):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(part in found.name for part in _NO_MODULES):
                yield importlib.import_module(found.name)
    sqlite3.enable_callback_tracebacks(False)  # Datasette turned them on


def _uses() -> Iterator[_Use]:
    for module in _modules():
        columns = _COLUMNS.get(module.__name__)
        for name, value in vars(module).items():
            for pattern in _patterns(value):
                if _is_own(module, name):
                    yield _Use(
                        f"{module.__name__}.{name}",
                        pattern,
                        anchored=_methods(module, name) <= _AT_THE_BEGINNING,
                        columns=columns,
                    )
    for language, signs in languages._read_rules().languages.items():
        for number, rule in enumerate(signs.rules):
            yield _Use(f"{language}-{number}", rule.pattern, columns=languages._COLUMNS)


def _patterns(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _patterns(each)


def _is_own(module: ModuleType, name: str) -> bool:
    """Tell a pattern that a module compiles from one that it imports."""
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for node in ast.walk(_tree(module))
    )


def _methods(module: ModuleType, name: str) -> set[str]:
    """Return the methods of a pattern that its module calls; `finditer` if that cannot be told."""
    found = {
        node.attr
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    }
    return found or {"finditer"}


def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(Path(str(module.__file__)).read_text("utf-8"))


@pytest.mark.parametrize(
    "source",
    [
        r"def \w+(?:\(.*?\))*=",
        r"(?:\s*#\S+)+$",
        r"\s+$",
        r"\w+ := ",
        r"<.*>;",
        r"^\s*\d",
    ],
)
def test_what_is_exponential_or_quadratic_is_found(source: str) -> None:
    """The attacks are no use unless they find what is known to blow up."""
    pattern = re.compile(source, re.MULTILINE)
    assert find_blow_up(pattern, anchored=False, columns=None)


@pytest.mark.parametrize("source", [r"\w+", r"(?<!\s)\s++x", r"\b[a-z]++:", r"#\w+", r'"[^"\n]*+"'])
def test_what_is_linear_is_let_through(source: str) -> None:
    """Nor are they, if they find fault with what is in order."""
    assert find_blow_up(re.compile(source), anchored=False, columns=None) is None


@pytest.mark.parametrize("use", [*_uses()], ids=lambda use: use.place)
def test_a_pattern_does_linear_work(use: _Use) -> None:
    """Twenty times the text costs no more than fifty times the work, on texts made against it."""
    blow_up = find_blow_up(use.pattern, anchored=use.anchored, columns=use.columns)
    assert blow_up is None, f"{use.pattern.pattern!r}: {blow_up}"


def test_every_pattern_is_known_when_its_module_is() -> None:
    """Patterns that functions compile would escape the test above."""
    for module in _modules():
        for function in ast.walk(_tree(module)):
            if isinstance(function, ast.FunctionDef) and function.name not in _COMPILED_LATER:
                calls = [node for node in ast.walk(function) if _is_call_of_re(node)]
                assert not calls, f"{module.__name__}.{function.name}"


def _is_call_of_re(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr != "escape"
    )
