"""The form of a catalogue: every sentence of the bot has a field, so that none can be missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from i18n.access import AccessTexts
from i18n.alerts import FollowingTexts
from i18n.cards import CardTexts
from i18n.filters import FilterTexts
from i18n.stats import StatsTexts
from i18n.troubles import TroubleTexts

Forms = tuple[str, ...]
"""The forms of a noun, in the order that the language's plural rule counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One language. Names in braces are filled in by `str.format`."""

    code: str
    plural: Callable[[int], int]
    """Return which of a noun's forms goes with a number."""
    group: str
    """What stands between thousands."""
    months: Sequence[str]
    date: str
    """From {day}, {month} and {year}."""

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

    def number(self, value: int) -> str:
        """Write a number with its thousands apart."""
        return f"{value:,}".replace(",", self.group)

    def count(self, value: int, forms: Forms) -> str:
        """Write a number with the noun in the form that goes with it."""
        return f"{self.number(value)} {forms[self.plural(value)]}"

    def day(self, moment: datetime) -> str:
        """Write the date of a moment, which is already in the reader's zone."""
        return self.date.format(
            day=moment.day, month=self.months[moment.month - 1], year=moment.year
        )

    def minute(self, moment: datetime) -> str:
        """Write a moment to the minute."""
        return f"{self.day(moment)}, {moment:%H:%M}"

    def quoted(self, text: str) -> str:
        """Put a text into this language's quotation marks."""
        return text.join(self.quotes)
