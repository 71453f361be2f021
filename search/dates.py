"""Parses dates as people type them: after an operator, or in words like «за прошлый месяц»."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from search.query import Bound, Days, Month, Period, Recent, Span, TimeExpression, Unit

# No date before the first or after the last of these is plausible.
_YEARS = range(1900, 2200)

_ISO = re.compile(r"(\d{4})(?:[-./](\d{1,2})(?:[-./](\d{1,2}))?)?\Z")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})\s+(?P<month>[^\W\d_]+)\s+(?P<year>\d{4})\Z")
_MONTH_FIRST = re.compile(r"(?P<month>[^\W\d_]+)\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})\Z")
_DOTTED = re.compile(r"(?:(\d{1,2})[./-])?(\d{1,2})[./-](\d{4})\Z")

# A standalone range needs digits and full years: `1..10` is code.
_DATE = r"(?:(?:19|20|21)\d\d(?:[-./]\d{1,2}){0,2}|(?:\d{1,2}[-./]){1,2}(?:19|20|21)\d\d)"
_RANGE = re.compile(rf"(?=\.*\d)(?:{_DATE})?\.\.(?:{_DATE})?(?=[\s,;:!?)]|\Z)")

_MONTHS = (
    ("январ", "january", "jan"),
    ("феврал", "february", "feb"),
    ("март", "march", "mar"),
    ("апрел", "april", "apr"),
    ("ма[йея]", "may"),
    ("июн", "june", "jun"),
    ("июл", "july", "jul"),
    ("август", "august", "aug"),
    ("сентябр", "september", "sep"),
    ("октябр", "october", "oct"),
    ("ноябр", "november", "nov"),
    ("декабр", "december", "dec"),
)
_UNITS = {
    Unit.DAY: ("дн", "день", "day"),
    Unit.WEEK: ("недел", "week"),
    Unit.MONTH: ("месяц", "month"),
    Unit.YEAR: ("год", "лет", "year"),
}
_DAYS_BACK = {"сегодня": 0, "today": 0, "вчера": 1, "yesterday": 1}

_MONTH_NAMES = "|".join(f"{names[0]}[а-я]{{0,2}}" for names in _MONTHS)
_RUSSIAN_MONTHS = tuple(re.compile(f"{names[0]}[а-я]{{0,2}}") for names in _MONTHS)
_ENGLISH_MONTHS = "|".join(name for names in _MONTHS for name in names[1:2])
_RUSSIAN_UNITS = "дн[а-я]+|день|недел[а-я]+|месяц[а-я]*|год[а-я]*|лет"
_ENGLISH_UNITS = "days?|weeks?|months?|years?"

# Only unambiguous phrases: a preposition with a month, `last week`.
_PHRASES = tuple(
    re.compile(rf"(?:{pattern})(?=[\s,.;!?)]|\Z)", re.IGNORECASE)
    for pattern in (
        rf"за\s+последн[а-я]+(?:\s+(?P<count>\d{{1,3}}))?\s+(?P<recent>{_RUSSIAN_UNITS})",
        rf"(?:in\s+the\s+|for\s+the\s+)?(?:last|past)\s+(?P<count>\d{{1,3}})\s+(?P<recent>{_ENGLISH_UNITS})",
        rf"(?:за|в|на)\s+(?P<which>прошл[а-я]+|эт[а-я]+|текущ[а-я]+)\s+(?P<unit>{_RUSSIAN_UNITS})",
        r"(?P<which>last|previous|this)\s+(?P<unit>week|month|year)",
        r"за\s+(?P<day>сегодня|вчера)",
        rf"(?:в|за)\s+(?P<month>{_MONTH_NAMES})(?:\s+(?P<year>\d{{4}})(?:\s*г(?:од[а-я]*|\.)?)?)?",
        rf"in\s+(?P<month>{_ENGLISH_MONTHS})(?:\s+(?P<year>\d{{4}}))?",
        rf"(?P<after>с|после)\s+(?P<month>{_MONTH_NAMES})\s+(?P<year>\d{{4}})(?:\s*г(?:од[а-я]*|\.)?)?",
        rf"(?P<before>до)\s+(?P<month>{_MONTH_NAMES})\s+(?P<year>\d{{4}})(?:\s*г(?:од[а-я]*|\.)?)?",
        r"(?P<after>с|после)\s+(?P<year>(?:19|20)\d\d)\s*г(?:од[а-я]*|\.)?",
        r"(?P<before>до)\s+(?P<year>(?:19|20)\d\d)\s*г(?:од[а-я]*|\.)?",
        rf"(?P<after>since|after)\s+(?:(?P<month>{_ENGLISH_MONTHS})\s+)?(?P<year>(?:19|20)\d\d)",
        rf"(?P<before>before|until)\s+(?:(?P<month>{_ENGLISH_MONTHS})\s+)?(?P<year>(?:19|20)\d\d)",
        r"(?:в|за)\s+(?P<year>(?:19|20)\d\d)(?:\s*г(?:од[а-я]*|\.)?)?",
        r"in\s+(?P<year>(?:19|20)\d\d)",
    )
)


def parse_period(value: str) -> TimeExpression | None:
    """Parse `2024`, `2024-03`, `05.03.2024`, `вчера` or `march 2024`; return `None` for others."""
    folded = value.strip().casefold()
    if folded in _DAYS_BACK:
        return Days(unit=Unit.DAY, back=_DAYS_BACK[folded])
    if match := _ISO.match(folded):
        return _span(match[1], match[2], match[3])
    if match := _DOTTED.match(folded):
        return _span(match[3], match[2], match[1])
    if match := _DAY_FIRST.match(folded) or _MONTH_FIRST.match(folded):
        month = _month_number(match["month"])
        return _span(match["year"], str(month), match["day"]) if month else None
    words = folded.split()
    if len(words) in (1, 2) and (month := _month_number(words[0])):
        return _span(words[1], str(month), None) if len(words) == 2 else Month(month=month)
    return None


def parse_range(value: str) -> Span | None:
    """Parse `2024-01..2024-03`, `..2023` or `вчера..`; return `None` for others."""
    one, dots, other = map(str.strip, value.partition(".."))
    first, last = parse_period(one), parse_period(other)
    if not (dots and (one or other)) or (one and not first) or (other and not last):
        return None
    return Span(first=first, last=last)


def range_at(text: str, at: int) -> str:
    """Return the text of a date range at a position, or `""`; its dates need not exist."""
    match = _RANGE.match(text, at)
    return "" if match is None else match[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidTime:
    """A time in words, which side of it is meant, and where the words end."""

    time: TimeExpression
    bound: Bound
    end: int


def find_period(text: str, at: int) -> SaidTime | None:
    """Return the time named by the words at a position, or `None`."""
    for pattern in _PHRASES:
        match = pattern.match(text, at)
        if match is not None and (time := _time_of(match)) is not None:
            return SaidTime(time=time, bound=_bound_of(match), end=match.end())
    return None


def days_of(time: TimeExpression, *, today: date) -> Period:
    """Return the days that a time expression means on a given day."""
    match time:
        case Period():
            return time
        case Recent(unit=unit, count=count):
            return Period(first=_back(today, unit, count) + timedelta(days=1), last=today)
        case Month(month=month):
            year = today.year if month <= today.month else today.year - 1
            return _month(year, month)
        case Span(first=first, last=last):
            return _between(
                None if first is None else days_of(first, today=today),
                None if last is None else days_of(last, today=today),
            )
    return _calendar_unit(_back(today, time.unit, time.back), time.unit)


def _between(one: Period | None, other: Period | None) -> Period:
    """Return the days from one period to the other, in either order; `None` is an open end."""
    days = [day for end in (one, other) if end for day in (end.first, end.last) if day]
    return Period(first=min(days) if one else None, last=max(days) if other else None)


def _bound_of(match: re.Match[str]) -> Bound:
    groups = match.groupdict()
    return next((bound for bound in (Bound.AFTER, Bound.BEFORE) if groups.get(bound)), Bound.ON)


def _time_of(match: re.Match[str]) -> TimeExpression | None:
    groups = match.groupdict()
    if groups.get("recent"):
        return Recent(unit=_unit(groups["recent"]), count=int(groups["count"] or 1))
    if groups.get("unit"):
        past = groups["which"].casefold().startswith(("прошл", "last", "prev"))
        return Days(unit=_unit(groups["unit"]), back=int(past))
    if groups.get("day"):
        return Days(unit=Unit.DAY, back=_DAYS_BACK[groups["day"].casefold()])
    if groups.get("month"):
        month = _month_number(groups["month"].casefold())
        return _span(groups["year"], str(month), None) if groups["year"] else Month(month=month)
    return _span(groups["year"], None, None)


def _span(year: str, month: str | None, day: str | None) -> Period | None:
    """Return the days of a year, month or day, or nothing if there is no such day."""
    try:
        if int(year) not in _YEARS:
            return None
        if month is None:
            return Period(first=date(int(year), 1, 1), last=date(int(year), 12, 31))
        if day is None:
            return _month(int(year), int(month))
        only = date(int(year), int(month), int(day))
        return Period(first=only, last=only)
    except ValueError:
        return None


def _month(year: int, month: int) -> Period:
    first = date(year, month, 1)
    return Period(first=first, last=first.replace(day=calendar.monthrange(year, month)[1]))


def _month_number(word: str) -> int:
    """Return a month's number by its name in either language, or 0."""
    names = zip(_RUSSIAN_MONTHS, _MONTHS, strict=True)
    for number, (russian, (_, *english)) in enumerate(names, start=1):
        if word in english or russian.fullmatch(word):
            return number
    return 0


def _unit(word: str) -> Unit:
    folded = word.casefold()
    return next(unit for unit, names in _UNITS.items() if folded.startswith(names))


def _back(today: date, unit: Unit, count: int) -> date:
    """Return the day a number of units ago; the last of the month if that is shorter."""
    if unit is Unit.DAY:
        return today - timedelta(days=count)
    if unit is Unit.WEEK:
        return today - timedelta(weeks=count)
    months = today.year * 12 + today.month - 1 - count * (12 if unit is Unit.YEAR else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def _calendar_unit(day: date, unit: Unit) -> Period:
    """Return the whole day, week (from Monday), month or year containing a day."""
    if unit is Unit.DAY:
        return Period(first=day, last=day)
    if unit is Unit.WEEK:
        first = day - timedelta(days=day.weekday())
        return Period(first=first, last=first + timedelta(days=6))
    if unit is Unit.MONTH:
        return _month(day.year, day.month)
    return Period(first=date(day.year, 1, 1), last=date(day.year, 12, 31))
