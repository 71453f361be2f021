"""The form of a catalogue: every sentence of the bot has a field, so that none can be missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n.access import AccessTexts
from i18n.alerts import FollowingTexts
from i18n.cards import CardTexts
from i18n.filters import FilterTexts
from i18n.stats import StatsTexts
from i18n.troubles import TroubleTexts

if TYPE_CHECKING:
    from datetime import date, datetime

Forms = tuple[str, ...]
"""The forms of a noun: post, posts; пост, поста, постов."""

_FORMS = {"one": 0, "few": 1, "many": 2, "other": -1}
"""Which of a noun's forms a plural category of CLDR takes."""
_SIZE_UNITS = ("byte", "kilobyte", "megabyte", "gigabyte")
_KILO = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One language. Names in braces are filled in by `str.format`."""

    code: str
    """The language's code; CLDR knows by it how numbers, sizes and dates are written."""
    date_pattern: str
    """How a date is written: a pattern of CLDR."""

    posts: Forms
    posts_with_code: Forms
    snippets: Forms
    lines: Forms
    tags: Forms
    views: Forms

    commands: Mapping[str, str]
    """What the menu says of each command."""
    owner_commands: Mapping[str, str]
    """Likewise, of those that only owners have."""
    access: AccessTexts
    filters: FilterTexts
    cards: CardTexts
    stats: StatsTexts
    following: FollowingTexts
    troubles: TroubleTexts

    welcome_title: str
    welcome_empty: str
    since: str
    """The span of the archive, from {first} and {last}."""
    welcome_invitation: str
    examples: Sequence[tuple[str, str]]
    """Queries to try, and what each shows."""
    help_title: str
    operators: Sequence[tuple[str, str]]
    """Parts of the query language, and what they mean."""
    help_commands: str

    nothing_found: str
    nothing_hints: Sequence[str]
    nothing_here: str
    no_tags: str
    some_words: str
    """What to say where only {complete} of the posts found, several, have every word."""
    one_has_all: str
    no_post_with_all: str
    recent_title: str
    tags_title: str
    random_title: str
    untitled: str
    more_tags: str
    page_of: str
    part_of: str
    snippet_of: str
    cut_code: str
    forwarded: str
    edited: str
    missing: str
    attached: str
    media: Mapping[str, str]

    ask_query: str
    ask_code_query: str
    ask_text: str
    unknown_command: str
    query_cut: str
    expired: str
    not_yours: str
    outdated: str
    gone: str
    too_slow: str
    unavailable: str
    broken: str

    console_hint: str
    console_no_file: str
    """Where no file has the {path} that was typed."""
    console_folder: str
    """Where the {path} that was typed is a folder's."""

    button_code_only: str
    button_all_posts: str
    button_original: str
    button_copy: str
    button_file: str
    button_back: str
    button_code: str
    button_read: str
    button_again: str
    button_another: str
    button_tags: str
    button_recent: str
    button_random: str

    notes: Mapping[str, str]
    """What to say of a search's notes, by their code.

    {words} are all values of a note, {word} or {number} the first of them, {others} those behind
    it, {days} a period.
    """
    from_day: str
    until_day: str
    """A period with one end, which is {day}."""
    list_joint: str
    quotes: tuple[str, str]

    # Babel is imported when the first number or date is written: `--help` has none.

    def number(self, value: float) -> str:
        """Write a number with its thousands apart."""
        from babel.numbers import format_decimal  # noqa: PLC0415

        return format_decimal(value, locale=self.code)

    def percent(self, share: float) -> str:
        """Write a share of 1 in percent, rounded."""
        from babel.numbers import format_percent  # noqa: PLC0415

        return format_percent(share, locale=self.code)

    def form(self, value: int, forms: Forms) -> str:
        """Return the form of a noun that goes with a number."""
        from babel import Locale  # noqa: PLC0415

        return forms[_FORMS[Locale(self.code).plural_form(value)]]

    def count(self, value: int, forms: Forms) -> str:
        """Write a number with the noun in the form that goes with it."""
        return f"{self.number(value)} {self.form(value, forms)}"

    def size(self, size: int) -> str:
        """Write a number of bytes, in units of 1,024 of the next smaller one."""
        from babel.units import format_unit  # noqa: PLC0415

        unit, scaled = 0, float(size)
        while scaled >= _KILO and unit < len(_SIZE_UNITS) - 1:
            unit, scaled = unit + 1, scaled / _KILO
        return format_unit(
            round(scaled, 1),
            f"digital-{_SIZE_UNITS[unit]}",
            length="short" if unit else "long",
            locale=self.code,
        )

    def day(self, moment: date) -> str:
        """Write the date of a moment, which is already in the reader's zone."""
        return self._date(moment, self.date_pattern)

    def month(self, moment: date) -> str:
        """Write the month of a moment, and the year."""
        return self._date(moment, "LLLL y")

    def _date(self, moment: date, pattern: str) -> str:
        from babel.dates import format_date  # noqa: PLC0415

        return format_date(moment, pattern, locale=self.code)

    def minute(self, moment: datetime) -> str:
        """Write a moment to the minute."""
        return f"{self.day(moment)}, {moment:%H:%M}"

    def quoted(self, text: str) -> str:
        """Put a text into this language's quotation marks."""
        return text.join(self.quotes)
