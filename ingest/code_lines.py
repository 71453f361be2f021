"""Scores how much a single line looks like code: first prose vetoes, then signs of code.

A block needs three points to count as code, so one line of certain code is enough, while two lines
of mere arithmetic are not.
"""

from __future__ import annotations

import re
from string import ascii_letters, digits

from ingest.code_python import score_python
from ingest.languages import is_json

PROSE = -1.0
NEUTRAL = 0.0
WEAK = 0.5
FITTING = 0.75
LIKELY = 1.5
STRONG = 2.0
CERTAIN = 3.0

_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`")
_COMMENT = re.compile(r"(?:^|\s)(?:#|//|--)(?:\s.*|$)")
_SHARE_OF_CYRILLIC = 0.12
# Emoji and typographic quotes.
_MARK_OF_PROSE = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\u20e3«»„“”]")
_PROSE = re.compile(r"\*\s|https?://\S+$|(?:#\w+\s*)+$|@\w+$|[A-Z][\w']*(?: [\w',-]+){2,}[.!?]$")
_FIRST_OF_CODE = frozenset(ascii_letters + digits + "_\"'([{@#<.$}>/)-*,|;]`%!=+&")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SYMBOL = re.compile(r"[=(){}\[\];<>|&*/+\\`\"'_$:%]")
_MANY_WORDS = 7
# The rest of a longer line would not change its score, but a hostile text could cost seconds.
LONGEST_LINE = 400

# A line with none of these is not a statement; this rejects most lines of English prose.
_MARK_OF_CODE = re.compile(r"[=(){}\[\];<>|$@\"\\]|:$")
_SQL_WORDS = (
    "select from where and or on having join left inner group order limit union when case end drop "
    "delete insert update create alter truncate with values merge"
)
_HEAD = (
    r"(?:import|from|return|raise|assert|del|pass|break|continue|yield|await|export|cd|git|pip3?"
    r"|conda|brew|sudo|apt|apt-get|npm|yarn|poetry|uv|cargo|docker\S*|kubectl|helm|systemctl|curl"
    r"|wget|grep|find|ls|tar|chmod|chown|cat|mkdir|rm|cp|mv|head|tail|source|touch|python3?|make"
    r"|unzip|ssh|scp|psql|jupyter|use|\w+ as|\w+ [A-Z]{3,}|\./\S+|"
    + "|".join([*_SQL_WORDS.split(), *_SQL_WORDS.upper().split()])
    + r")(?:\s|,|$)"
)
_HEAD_OF_CODE = re.compile(_HEAD)
# Starts of lines worth at least 1.5 points: an assignment, a call, a bracket, a keyword. May look
# at the next line, for YAML keys.
_CANDIDATE = re.compile(
    r"^[ \t]*+(?:"
    r"[\w.\[\]{}\"', ()$]{1,60}+(?:<-|:?=)"
    r"|[\w.]++!?\("
    r"|[.)\]}]|\"[^\"\n]+\"\s*:|[\[{]\s*(?:$|[\"\[{])|@\w+[.(]|\$ |>>> |</?[a-z?]|#(?:include|!|\[)"
    r"|(?:if|elif|for|while|with|def|class|async|except|else|try|finally|function|public|private"
    r"|protected|func|fn|pub|object|template|using|package|trait|struct|impl|match)\b[^\n]*[:{(]\s*$"
    r"|(?:async )?(?:def|class) \w+[(:]"
    r"|[a-z_][\w.-]*:[ \t]*\n(?:[ \t]+|- )\S"
    r"|" + _HEAD + r")",
    re.MULTILINE,
)
_WEAK_HEAD = re.compile(r"(?:#|//|--|/\*|\*)(?:\s|$)|[\w.]+,$|[a-z]+_\w+$|-{1,2}[A-Za-z]")

_COMMAND = r"(?:\$ |sudo )*"
_NO_SENTENCE = r"(?! (?:[a-z]+ ){2,}[a-z]+[.!?]?$)"


# Starts of code lines; the first match counts. Keywords are case-sensitive, because `Select the
# best` is English.
# fmt: off
_HEADS = (
    (CERTAIN, r">>> |#include [<\"]|<\?php|#!/"),
    (CERTAIN, r"SELECT\b(?:$|.*(?:[*,(]| FROM ))|select .*(?:[*,(].* from |,$)"),
    (CERTAIN, r"(?:INSERT INTO|UPDATE \S+ SET|DELETE FROM|MERGE INTO|ALTER TABLE) |WITH \w+ AS \("),
    (CERTAIN, r"insert into \S+ .*[(]|update \S+ set \S+ ?=|delete from \w+(?: where|;)"),
    (CERTAIN, r"(?:CREATE|DROP|create|drop) (?:\w+ ){0,3}(?:TABLE|VIEW|INDEX|table|view|index) "),
    (CERTAIN, _COMMAND + r"(?:pip3?|conda|brew|apt|apt-get|npm|yarn|poetry|uv|cargo) (?:install|"
              r"create|activate|run|add|update|sync|ci)\b" + _NO_SENTENCE),
    (CERTAIN, _COMMAND + r"git (?:clone|add|commit|push|pull|checkout|branch|merge|rebase|stash|"
              r"log|status|init|reset|diff|fetch|remote|config|switch|restore)\b" + _NO_SENTENCE),
    (CERTAIN, _COMMAND + r"(?:docker(?:-compose| compose)?|kubectl|helm|systemctl) (?:run|build|"
              r"exec|ps|pull|push|up|down|get|apply|logs|describe|delete|start|stop)\b"
              + _NO_SENTENCE),
    (CERTAIN, _COMMAND + r"(?:curl|wget|grep|sed|awk|find|ls|tar|chmod|chown|cat|mkdir|rm|cp|mv|"
              r"head|tail|xargs|source|touch|python3?|make|unzip|ssh|scp|psql|jupyter|export|echo) "
              r"(?=.*(?:(?:^|\s)-{1,2}\w|[/|$*=\"]|\.\w{2,4}\b))"),
    (CERTAIN, r"(?:const|let|var) [\w{}\[\], ]+ = .|(?:export )?(?:async )?function \w*\(.*\) ?\{"),
    (CERTAIN, r"console\.\w+\(.*\);?$|import .+ from ['\"]|export default "),
    (CERTAIN, r"(?:public|private|protected) .*[{;]$|System\.out\.|import [\w.]+\.[\w*]+;$"),
    (CERTAIN, r"int main\(|using namespace|template ?<"),
    (CERTAIN, r"func .*\{$|\w+(?:, \w+)* := .|fmt\.\w+\("),
    (CERTAIN, r"(?:pub )?fn \w+.*\{$|let mut |println!\(|use \w+::|#\[\w+"),
    (CERTAIN, r"(?:lazy |implicit )?val \w+(?:: [\w\[\], ]+)? = .|case class |object \w+ .*\{$"),
    (CERTAIN, r"[\w.$]+ <- \S|library\(\w+\)$|fun \w+\("),
    (STRONG, r"\"[\w $-]+\"\s*:\s*(?:[\[{\"\d-]|true|false|null)"),
    (STRONG, r"(?:FROM|JOIN|LEFT JOIN|INNER JOIN) [\w.]+(?: (?:AS )?\w+)?(?: ON .*)?;?$"),
    (STRONG, r"(?:WHERE|AND|OR|ON|HAVING) .*(?:[=<>(]| IN | IS | LIKE )|(?:GROUP|ORDER) BY \S"),
    (STRONG, r"</?(?:div|p|html|body|head|ul|li|span|table|a)\b[^>]*>|\w.*\) ?\{$|\}? ?else \{$"),
    (LIKELY, r"cd [\w./~-]+$|\$ \S|\./\S"),
    (LIKELY, r"(?:from|join|left join|inner join) [\w.]+(?: (?:as )?\w+)?(?: on .*)?;?$"),
    (LIKELY, r"(?:where|and|or|on|having) .*[=<>(]|(?:group|order) by [\w.,() ]+;?$"),
    (LIKELY, r"(?:LIMIT|limit) \d+;?$|UNION(?: ALL)?$|VALUES ?\(|WHEN .* THEN |CASE\b|END\b"),
    (LIKELY, r"\w+ (?:BIGINT|INTEGER|INT|TEXT|VARCHAR|TIMESTAMP|NUMERIC|BOOLEAN|DATE|SERIAL)\b"),
    (LIKELY, r"return\b.*;$|\.\w+\(|\w+=[^=\s].*,$|\w.*[=(].*;$"),
    (LIKELY, r"(?:SUM|COUNT|AVG|MIN|MAX|sum|count|avg|min|max)\(.*\)|.*\b(?:AS \w+,?|as \w+,)$"),
    (FITTING, r"[\])}>({\[;,]+$|-{1,2}[A-Za-z][\w-]*(?: .*)?\\?$|.*\\$"),
    (WEAK, r"(?:#|//|--|/\*|\*)(?:\s|$)|return\b"),
)
# fmt: on
# One alternation, because one search is many times faster than forty; each pattern is one group and
# contains none.
_ANY_HEAD = re.compile("|".join(f"({source})" for _, source in _HEADS))
_STD = re.compile(r"\bstd::")
_INSIDE = re.compile(r"\bstd::\w+.*;|\bif err != nil \{|%>%")


def may_begin_code(line: str) -> bool:
    """Reject a line by its first character; this rejects most lines of Russian prose."""
    return line.lstrip()[:1] in _FIRST_OF_CODE


def may_bear_points(text: str, start: int, line: str) -> bool:
    """Return whether the line starting at `start` is worth scoring.

    Most texts have no such line, and this is much faster than scoring all of them.
    """
    return bool(
        _CANDIDATE.match(text, start)
        or line.rstrip(" \t").endswith((";", "{"))
        or "%>%" in line
        or ("std::" in line and _STD.search(line))
    )


def score_line(line: str) -> float:
    """Return the score of a non-blank line: `PROSE`, `NEUTRAL`, or points."""
    text = line[:LONGEST_LINE].strip()
    if not text or not _may_be_code(text):
        return PROSE
    if not _MARK_OF_CODE.search(text) and not _HEAD_OF_CODE.match(text):
        return WEAK if _WEAK_HEAD.match(text) else NEUTRAL
    if _INSIDE.search(text):
        return CERTAIN
    head = _ANY_HEAD.match(text)
    weight = _HEADS[head.lastindex - 1][0] if head and head.lastindex else NEUTRAL
    if weight >= STRONG:
        return weight
    if is_json(text) and ":" in text:
        return CERTAIN
    return max(weight, score_python(text))


def _may_be_code(text: str) -> bool:
    """Reject certain prose; strings and comments may be in any human language."""
    if not may_begin_code(text):
        return False
    bare = text
    if not text.isascii():
        if _is_cyrillic(text):
            bare = _COMMENT.sub("", _QUOTED.sub("''", text))
            if _is_cyrillic(bare):
                return False
        if _MARK_OF_PROSE.search(bare):
            return False
    if _PROSE.match(bare):
        return False
    few_symbols = len(_SYMBOL.findall(bare)) <= 1
    return not (few_symbols and len(_WORD.findall(bare)) >= _MANY_WORDS)


def _is_cyrillic(text: str) -> bool:
    found = len(_CYRILLIC.findall(text))
    return found > 0 and found > len(_LETTER.findall(text)) * _SHARE_OF_CYRILLIC
