"""The fields of a catalogue: every sentence has one, so none can be missing in a language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n.access import AccessTexts
from i18n.alerts import FollowingTexts
from i18n.browse import BrowseTexts
from i18n.cards import CardTexts
from i18n.command_help import HelpTexts
from i18n.exporting import ExportTexts
from i18n.filters import FilterTexts
from i18n.stats import StatsTexts
from i18n.terminal import TerminalTexts
from i18n.troubles import TroubleTexts

if TYPE_CHECKING:
    from datetime import date, datetime

Forms = tuple[str, ...]
"""The forms of a noun: post, posts; пост, поста, постов."""

_FORMS = {"one": 0, "few": 1, "many": 2, "other": -1}
"""Which form a CLDR plural category takes."""
_SIZE_UNITS = ("byte", "kilobyte", "megabyte", "gigabyte")
_KILO = 1024


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Catalogue:
    """One language. Names in braces are filled in with `str.format`."""

    code: str
    """The language code; CLDR uses it for numbers, sizes and dates."""
    date_pattern: str
    """The CLDR pattern of a date."""

    posts: Forms
    near_posts: Forms
    """Posts with some of the words sought, if no post has all."""
    posts_and_near: str
    """The {posts} with all words, and how many others, {near}."""
    near: Forms
    posts_with_code: Forms
    snippets: Forms
    lines: Forms
    tags: Forms
    views: Forms

    commands: Mapping[str, str]
    """Descriptions of the commands in the menu."""
    owner_commands: Mapping[str, str]
    """Descriptions of the commands for owners."""
    access: AccessTexts
    filters: FilterTexts
    cards: CardTexts
    exporting: ExportTexts
    stats: StatsTexts
    following: FollowingTexts
    troubles: TroubleTexts
    terminal: TerminalTexts
    help: HelpTexts
    browse: BrowseTexts

    welcome_title: str
    welcome_empty: str
    since: str
    """The period of the archive, from {first} to {last}."""
    welcome_invitation: str
    examples: Sequence[str]
    """What the example queries show: a word, a phrase, a tag, a tag without another, code."""
    example_code: str
    """The example for code in a {language}."""
    help_title: str
    operators: Sequence[tuple[str, str]]
    """Elements of the query language, and what they mean."""
    help_commands: str

    nothing_found: str
    nothing_hints: Sequence[str]
    nothing_here: str
    no_tags: str
    no_post_with_all: str
    from_here_near: str
    """Above the posts that lack some of the words, after those that have all."""
    code_for: str
    """Before the title of a found post whose code is in this one."""
    recent_title: str
    in_all: str
    """How many posts there are: {posts}."""
    tags_title: str
    random_title: str
    untitled: str
    more_tags: str
    which_channel: str
    """If a command is about one of several channels."""
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
    expired: str
    not_yours: str
    outdated: str
    gone: str
    too_slow: str
    unavailable: str
    broken: str

    console_hint: str
    console_no_file: str
    """If the {path} that was typed does not exist."""
    console_folder: str
    """If the {path} that was typed is a folder."""

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
    button_all_channels: str
    button_tags: str
    button_recent: str
    button_random: str

    notes: Mapping[str, str]
    """Texts for the notes of a search, by their code.

    {words} are all values of a note, {word} or {number} the first, {others} the rest, {days} a
    period.
    """
    also_searched: str
    """The notes on other {spellings} and {synonyms} in one."""
    from_day: str
    until_day: str
    """A period with only one end, {day}."""
    list_joint: str
    quotes: tuple[str, str]

    # Babel is imported on first use: `--help` does not need it.

    def number(self, value: float) -> str:
        """Format a number with group separators."""
        from babel.numbers import format_decimal  # noqa: PLC0415

        return format_decimal(value, locale=self.code)

    def percent(self, share: float) -> str:
        """Format a fraction as a rounded percentage."""
        from babel.numbers import format_percent  # noqa: PLC0415

        return format_percent(share, locale=self.code)

    def form(self, value: int, forms: Forms) -> str:
        """Return the noun form for a number."""
        from babel import Locale  # noqa: PLC0415

        return forms[_FORMS[Locale(self.code).plural_form(value)]]

    def count(self, value: int, forms: Forms) -> str:
        """Format a number with the matching noun form."""
        return f"{self.number(value)} {self.form(value, forms)}"

    def size(self, size: int) -> str:
        """Format a number of bytes, in units of 1,024."""
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
        """Format the date of a time already in the reader's zone."""
        return self._date(moment, self.date_pattern)

    def month(self, moment: date) -> str:
        """Format the month and year of a time."""
        return self._date(moment, "LLLL y")

    def weekday(self, day: date) -> str:
        """Return the short name of a date's weekday."""
        return self._date(day, "ccc")

    def _date(self, moment: date, pattern: str) -> str:
        from babel.dates import format_date  # noqa: PLC0415

        return format_date(moment, pattern, locale=self.code)

    def minute(self, moment: datetime) -> str:
        """Format a time to the minute."""
        return f"{self.day(moment)}, {moment:%H:%M}"

    def quoted(self, text: str) -> str:
        """Put a text into this language's quotation marks."""
        return text.join(self.quotes)
