"""Scores how much a line looks like Python by parsing it."""

from __future__ import annotations

import ast
import re
from keyword import kwlist, softkwlist

_NOTHING = 0.0
_WEAK = 0.5
_FITTING = 0.75
_LIKELY = 1.5
_STRONG = 2.0
_TELLING = 2.5
_CERTAIN = 3.0

_COMMENT = re.compile(r"(?:^|\s)#(?:\s.*|$)")
# Python warns about these on the terminal, and about backslashes like the one in "\\d".
_GLUED = re.compile(
    r"(?<!\w)(?:0[xX][0-9a-fA-F_]+?|0[bBoO][0-7_]++|"
    r"[0-9][0-9_]*+(?:\.[0-9_]*+)?(?:[eE][+-]?[0-9_]++)?[jJ]?)"
    r"(?:and|else|for|if|in|is|not|or)"
)
_QUOTE = re.compile(r"[\"'#]")
_SIDE_BY_SIDE = re.compile(r"\b([^\W\d]\w*)[ \t]+(?=([^\W\d]\w*))")
_KEYWORDS = frozenset((*kwlist, *softkwlist))
_DETACHED = re.compile(r"(?:else|try|finally|except\b.*|elif .*):$")
_BY_STATEMENT: dict[type[ast.stmt], float] = {
    ast.ImportFrom: _CERTAIN,
    ast.FunctionDef: _CERTAIN,
    ast.AsyncFunctionDef: _CERTAIN,
    ast.For: _TELLING,
    ast.AsyncFor: _TELLING,
    ast.AsyncWith: _TELLING,
    ast.Raise: _STRONG,
    ast.Assert: _STRONG,
    ast.Delete: _FITTING,
    ast.Pass: _WEAK,
    ast.Break: _WEAK,
    ast.Continue: _WEAK,
}
# Values that make an assignment code; `p = 0.05` and `f = a / b` could be mathematics.
_BY_VALUE: dict[type[ast.expr], float] = {
    ast.ListComp: _STRONG,
    ast.DictComp: _STRONG,
    ast.SetComp: _STRONG,
    ast.GeneratorExp: _STRONG,
    ast.List: _STRONG,
    ast.Dict: _STRONG,
    ast.Lambda: _STRONG,
    ast.Subscript: _LIKELY,
    ast.JoinedStr: _STRONG,
    ast.Await: _TELLING,
}


def score_python(text: str) -> float:
    """Return the points of a statement or statement head, 0 if it is not Python.

    Bare names and tuples do not count: `a, b` and `yes` are words.
    """
    if _DETACHED.fullmatch(text):
        return _LIKELY if " " in text else _FITTING
    if text.startswith("@"):
        return _STRONG if text.endswith(")") else _WEAK
    statement = _parse(text)
    if statement is None:
        return _NOTHING
    if isinstance(statement, ast.Expr):
        return _weigh_expression(statement.value)
    if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign):
        return _weigh_assignment(statement)
    return _weigh_compound(statement)


def _parse(text: str) -> ast.stmt | None:
    """Parse one statement; a block head gets a body, `return` and `await` get a function."""
    code = _COMMENT.sub("", text) if "#" in text else text
    if code.endswith(":"):
        code += " pass"
    wrapped = code.startswith(("return", "yield", "await ", "async "))
    if wrapped:
        code = "async def _():\n " + code.replace("\n", "\n ")
    if _GLUED.search(code) or _is_prose(code):
        return None
    try:
        body = ast.parse(code.replace("\\", "/")).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if wrapped and body and isinstance(body[0], ast.AsyncFunctionDef):
        body = body[0].body
    return body[0] if body else None


def _is_prose(code: str) -> bool:
    """Reject two adjacent words that are not keywords; much faster than parsing them."""
    return not _QUOTE.search(code) and any(
        before not in _KEYWORDS and after not in _KEYWORDS
        for before, after in _SIDE_BY_SIDE.findall(code)
    )


def _weigh_compound(statement: ast.stmt) -> float:
    if isinstance(statement, ast.Import):
        return _CERTAIN if any(name.asname for name in statement.names) else _TELLING
    if isinstance(statement, ast.ClassDef):
        return _CERTAIN if statement.bases or not statement.name.islower() else _FITTING
    if isinstance(statement, ast.If | ast.While):
        return _WEAK if isinstance(statement.test, ast.Name) else _STRONG
    if isinstance(statement, ast.With):
        calls = any(isinstance(item.context_expr, ast.Call) for item in statement.items)
        return _STRONG if calls else _WEAK
    if isinstance(statement, ast.Return):
        return _LIKELY if statement.value else _WEAK
    return _BY_STATEMENT.get(type(statement), _NOTHING)


def _weigh_assignment(statement: ast.Assign | ast.AugAssign | ast.AnnAssign) -> float:
    value = statement.value
    target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
    if isinstance(target, ast.Attribute | ast.Subscript):
        return _TELLING
    if isinstance(value, ast.Call):
        return _TELLING if isinstance(value.func, ast.Attribute) else _STRONG
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return _LIKELY
    return _BY_VALUE.get(type(value), _FITTING) if value else _WEAK


def _weigh_expression(value: ast.expr) -> float:
    if isinstance(value, ast.Call):
        if isinstance(value.func, ast.Attribute):
            return _STRONG
        named = isinstance(value.func, ast.Name) and value.func.id.islower()
        return _LIKELY if named else _WEAK
    if isinstance(value, ast.Attribute):
        return _FITTING
    return _LIKELY if isinstance(value, ast.Await | ast.Yield | ast.YieldFrom) else _NOTHING
