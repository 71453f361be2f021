"""The data of a button: a short versioned code, without any text by people.

Grammar, at most 64 bytes: `1|<code>|<session>|<number>...`, such as `1|p|Ab3dE5gH1k|2`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

_VERSION = "1"
_SESSION = "session"


class Action(Enum):
    """What a button does: its code, then the contents of its data, in order.

    `session` means that the button works only while that session is stored; everything else is a
    number. Buttons stay in people's chats for years, so a code never changes its meaning.
    """

    PAGE = ("p", "session page")
    CODE_ONLY = ("c", "session is_on")
    FILTERS = ("g", "session group")  # 0 for the overview of all groups
    FILTER = ("gs", "session group place is_on")
    UNFILTERED = ("gn", "session")
    SORT = ("y", "session place")
    COUNT = ("i", "session page")
    EXPORT = ("ex", "session form")  # 0 for the choice of forms
    OPEN = ("o", "session page post")
    SNIPPET = ("s", "session page post snippet")
    READ = ("r", "session page post part")
    FILE = ("f", "session post snippet")
    SIMILAR = ("n", "session page post")
    ANSWERS = ("ra", "session page post")
    ALBUM = ("rl", "session page post")
    VERSION = ("v", "session page post version part")
    AGAIN = ("a", "")
    SUGGESTION = ("d", "session place")
    TAG = ("t", "session place")
    TAG_PAGE = ("u", "session page")
    RANDOM = ("x", "session")
    MENU = ("m", "place")
    STATS = ("st", "channel")  # 0 for all channels
    TAGS = ("tc", "channel")
    RECENT = ("rc", "channel")
    RANDOM_OF = ("xc", "channel")
    CHANNEL = ("h", "channel is_approved")
    FOLLOW = ("fo", "session")
    SAVED_LIST = ("sl", "is_new_message")
    SAVED = ("so", "search")
    SAVED_MODE = ("sm", "search place")
    SAVED_PAUSE = ("sp", "search is_on")
    SAVED_MUTE = ("sn", "search is_on")
    SAVED_DELETE = ("sd", "search")
    SAVED_SEARCH = ("ss", "search")
    ALERT_MUTE = ("am", "search")
    ALERT_END = ("ae", "search")
    SAVED_NEW = ("sw", "search since")  # the archive's `seq` after which posts are new
    QUIET = ("qs", "")
    QUIET_HOURS = ("qh", "first last")
    DIGEST = ("dg", "")
    DIGEST_WANTED = ("dw", "is_wanted")
    IMPORT = ("ui", "upload")
    IMPORT_CANCEL = ("un", "upload")
    IMPORT_OTHER = ("uo", "upload")
    IMPORT_CHANNEL = ("uc", "upload origin key")
    OPEN_POST = ("op", "post")
    ASK = ("qa", "post")  # the post that a link led to, or 0
    APPROVE = ("qy", "person")
    DENY = ("qn", "person")
    READMIT = ("qm", "person")
    REVOKE = ("qr", "person")
    REVOKE_REALLY = ("qx", "person")
    PERSON = ("qp", "person")
    PEOPLE = ("ql", "page")
    LANGUAGE = ("la", "place")
    FORGET = ("pf", "")

    def __init__(self, code: str, fields: str) -> None:
        names = fields.split()
        self.code = code
        self.needs_session = _SESSION in names
        self.numbers = tuple(name for name in names if name != _SESSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A pressed button: its action, its session (or `""`), and its numbers by name."""

    action: Action
    session: str = ""
    numbers: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        return self.numbers[name]


_PRESS = re.compile(r"1\|([a-z]{1,2})\|([0-9A-Za-z]{10})?((?:\|\d{1,16}){0,4})", re.ASCII)
_BY_CODE = {action.code: action for action in Action}


def press(action: Action, session: str = "", **numbers: int) -> str:
    """Write the data of a button, with a number for each name that the action lists."""
    assert numbers.keys() == set(action.numbers), f"{action}: {sorted(numbers)}"
    return "|".join(
        (_VERSION, action.code, session, *(str(numbers[name]) for name in action.numbers))
    )


def parse_press(data: str) -> Press | None:
    """Parse the data of a button; clients can send anything, so `None` for everything unknown."""
    match = _PRESS.fullmatch(data)
    action = _BY_CODE.get(match[1]) if match else None
    if match is None or action is None:
        return None
    numbers = [int(number) for number in match[3].split("|")[1:]]
    if len(numbers) != len(action.numbers) or bool(match[2]) is not action.needs_session:
        return None
    named = dict(zip(action.numbers, numbers, strict=True))
    return Press(action=action, session=match[2] or "", numbers=named)
