"""What a button carries: a short code, versioned, without a word of any person's text.

Grammar, at most 64 bytes: `1|<action>|<session>|<number>...`, such as `1|p|Ab3dE5gH1k|2`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_VERSION = "1"


class Action(StrEnum):
    """What a button does; the numbers it carries stand behind."""

    PAGE = "p"  # page
    CODE_ONLY = "c"  # 0 or 1
    FILTERS = "g"  # group of filters, or 0 for all of them
    FILTER = "gs"  # group shown, place in the options, 0 or 1
    UNFILTERED = "gn"  # -
    SORT = "y"  # place in the list of orders
    COUNT = "i"  # page
    OPEN = "o"  # page, post
    SNIPPET = "s"  # page, post, snippet
    READ = "r"  # page, post, part of the text
    FILE = "f"  # post, snippet
    SIMILAR = "n"  # page, post
    VERSION = "v"  # page, post, earlier text, part of it
    AGAIN = "a"  # -
    SUGGESTION = "d"  # place in the options
    TAG = "t"  # place in the list
    TAG_PAGE = "u"  # page
    RANDOM = "x"  # -
    MENU = "m"  # place in the menu under /start
    CHANNEL = "h"  # channel, 0 or 1
    FOLLOW = "fo"  # -
    SAVED_LIST = "sl"  # 0 in place of the bubble, 1 below it
    SAVED = "so"  # saved search
    SAVED_MODE = "sm"  # saved search, place in the list of modes
    SAVED_PAUSE = "sp"  # saved search, 0 or 1
    SAVED_MUTE = "sn"  # saved search, 0 or 1
    SAVED_DELETE = "sd"  # saved search; so the following
    SAVED_SEARCH = "ss"
    ALERT_MUTE = "am"
    ALERT_END = "ae"
    SAVED_NEW = "sw"  # saved search, change after which it was found
    QUIET = "qs"  # -
    QUIET_HOURS = "qh"  # hour from which, hour until which
    DIGEST = "dg"  # -
    DIGEST_WANTED = "dw"  # 0 or 1
    IMPORT = "ui"  # upload; so the following
    IMPORT_CANCEL = "un"
    IMPORT_OTHER = "uo"
    IMPORT_CHANNEL = "uc"  # upload, origin of the channel, its key
    OPEN_POST = "op"  # post
    ASK = "qa"  # post that a link led to, or 0
    APPROVE = "qy"  # person; so the following
    DENY = "qn"
    READMIT = "qm"
    REVOKE = "qr"
    REVOKE_REALLY = "qx"
    PERSON = "qp"
    PEOPLE = "ql"  # page
    LANGUAGE = "la"  # place in the list of languages
    FORGET = "pf"  # -


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button pressed: its action, the session it belongs to (or `""`), and its numbers."""

    action: Action
    session: str = ""
    numbers: tuple[int, ...] = ()


_PRESS = re.compile(r"1\|([a-z]{1,2})\|([0-9A-Za-z]{10})?((?:\|\d{1,16}){0,4})", re.ASCII)
_ACTIONS = {action.value: action for action in Action}
_ARITY = {
    Action.PAGE: 1,
    Action.CODE_ONLY: 1,
    Action.FILTERS: 1,
    Action.FILTER: 3,
    Action.UNFILTERED: 0,
    Action.SORT: 1,
    Action.COUNT: 1,
    Action.OPEN: 2,
    Action.SNIPPET: 3,
    Action.READ: 3,
    Action.FILE: 2,
    Action.SIMILAR: 2,
    Action.VERSION: 4,
    Action.AGAIN: 0,
    Action.SUGGESTION: 1,
    Action.TAG: 1,
    Action.TAG_PAGE: 1,
    Action.RANDOM: 0,
    Action.MENU: 1,
    Action.CHANNEL: 2,
    Action.FOLLOW: 0,
    Action.SAVED_LIST: 1,
    Action.SAVED: 1,
    Action.SAVED_MODE: 2,
    Action.SAVED_PAUSE: 2,
    Action.SAVED_MUTE: 2,
    Action.SAVED_DELETE: 1,
    Action.SAVED_SEARCH: 1,
    Action.ALERT_MUTE: 1,
    Action.ALERT_END: 1,
    Action.SAVED_NEW: 2,
    Action.QUIET: 0,
    Action.QUIET_HOURS: 2,
    Action.DIGEST: 0,
    Action.DIGEST_WANTED: 1,
    Action.IMPORT: 1,
    Action.IMPORT_CANCEL: 1,
    Action.IMPORT_OTHER: 1,
    Action.IMPORT_CHANNEL: 3,
    Action.OPEN_POST: 1,
    Action.ASK: 1,
    Action.APPROVE: 1,
    Action.DENY: 1,
    Action.READMIT: 1,
    Action.REVOKE: 1,
    Action.REVOKE_REALLY: 1,
    Action.PERSON: 1,
    Action.PEOPLE: 1,
    Action.LANGUAGE: 1,
    Action.FORGET: 0,
}
_FREE = {
    Action.AGAIN,
    Action.MENU,
    Action.CHANNEL,
    Action.SAVED_LIST,
    Action.SAVED,
    Action.SAVED_MODE,
    Action.SAVED_PAUSE,
    Action.SAVED_MUTE,
    Action.SAVED_DELETE,
    Action.SAVED_SEARCH,
    Action.ALERT_MUTE,
    Action.ALERT_END,
    Action.SAVED_NEW,
    Action.QUIET,
    Action.QUIET_HOURS,
    Action.DIGEST,
    Action.DIGEST_WANTED,
    Action.IMPORT,
    Action.IMPORT_CANCEL,
    Action.IMPORT_OTHER,
    Action.IMPORT_CHANNEL,
    Action.OPEN_POST,
    Action.ASK,
    Action.APPROVE,
    Action.DENY,
    Action.READMIT,
    Action.REVOKE,
    Action.REVOKE_REALLY,
    Action.PERSON,
    Action.PEOPLE,
    Action.LANGUAGE,
    Action.FORGET,
}
"""Actions that belong to no session."""


def press(action: Action, session: str = "", *numbers: int) -> str:
    """Write the data of a button."""
    return "|".join((_VERSION, action, session, *map(str, numbers)))


def parse_press(data: str) -> Press | None:
    """Read the data of a button; a client can send anything, so `None` for all that is not ours."""
    match = _PRESS.fullmatch(data)
    action = _ACTIONS.get(match[1]) if match else None
    if match is None or action is None:
        return None
    numbers = tuple(int(number) for number in match[3].split("|")[1:])
    if len(numbers) != _ARITY[action] or bool(match[2]) is (action in _FREE):
        return None
    return Press(action=action, session=match[2] or "", numbers=numbers)
