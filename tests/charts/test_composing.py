"""What a chart shows of an archive's statistics."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from charts import Bar, Bars, Chart, Columns, Grid, Row, archive_title, compose_chart
from db import TagMonths
from i18n import ENGLISH, RUSSIAN, Locale
from tests.charts.statistics import several, some_breakdown, some_stats

_READER = Locale(texts=RUSSIAN, zone=UTC)


def _section(chart: Chart, title: str) -> Bars | Columns | Grid:
    return next(each for each in chart.sections if each.title == title)


def _bars(chart: Chart, title: str) -> list[tuple[str, int, str]]:
    section = _section(chart, title)
    assert isinstance(section, Bars)
    return [(bar.label, bar.value, bar.shown) for bar in section.bars]


def test_chart_says_what_it_is_of() -> None:
    """The title names the archive, and the line below it the main numbers and the period."""
    chart = compose_chart(some_stats(), some_breakdown(), _READER)

    assert chart.title == "Архив «Питоний хвост»"
    assert chart.facts == (
        "22 поста · 1 с кодом · 2 репоста · 21 ссылка · 5 ноября 2022 — 7 января 2024"
    )


def test_every_month_is_a_column() -> None:
    """Months without a post are columns too; the years stand where they begin."""
    columns = _section(
        compose_chart(some_stats(), some_breakdown(), _READER), RUSSIAN.stats.by_month
    )

    assert isinstance(columns, Columns)
    assert [bar.value for bar in columns.bars] == [7, 0, 0, 12, *[0] * 10, 3]
    assert [bar.label for bar in columns.bars if bar.label] == ["2022", "2023", "2024"]


def test_few_months_are_named() -> None:
    """Up to a year of columns has a label for each."""
    stats = some_stats({"2022-11": 7, "2023-02": 12})
    columns = _section(compose_chart(stats, some_breakdown(tags=()), _READER), "Посты по месяцам")

    assert isinstance(columns, Columns)
    assert [bar.label for bar in columns.bars] == ["11.2022", "12.2022", "01.2023", "02.2023"]


@pytest.mark.parametrize(
    ("by_month", "periods", "columns"),
    [
        pytest.param({"2012-02": 1, "2026-11": 1}, 64, 60, id="quarters of 15 years"),
        pytest.param({"2012-02": 1, "2026-11": 1}, 20, 15, id="years, where there is less room"),
        pytest.param({"1970-01": 1, "2026-11": 1}, 64, 57, id="years of a long time"),
        pytest.param({"0001-01": 1, "9999-12": 1}, 8, 1, id="all the time there is"),
    ],
)
def test_long_times_have_fewer_columns(
    by_month: dict[str, int], periods: int, columns: int
) -> None:
    """Tags over time take no more columns than there is room for, and no post is lost."""
    stats = some_stats(by_month)
    breakdown = some_breakdown(tags=(TagMonths(tag="a", posts=2, by_month=stats.by_month),))
    chart = compose_chart(stats, breakdown, _READER, periods=periods)
    grid = _section(chart, RUSSIAN.stats.top_tags)

    assert isinstance(grid, Grid)
    assert len(grid.labels) == columns
    assert (sum(grid.rows[0].values), grid.rows[0].shown) == (2, "2")
    assert grid.rows[0].values[0]
    assert grid.rows[0].values[-1]


def test_hours_are_those_of_the_readers_zone() -> None:
    """A row for each weekday, Monday first, under a heading that names the zone."""
    moscow = Locale(texts=ENGLISH, zone=ZoneInfo("Europe/Moscow"))
    grid = _section(
        compose_chart(some_stats(), some_breakdown(), moscow), "Weekdays and hours, Europe/Moscow"
    )

    assert isinstance(grid, Grid)
    assert [row.label for row in grid.rows] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert (grid.rows[1].values[9], grid.rows[1].shown) == (3, "3")
    assert [label for label in grid.labels if label] == ["0", "6", "12", "18"]


def test_a_reader_without_a_zone_has_that_of_the_machine() -> None:
    """The heading of the hours names it."""
    chart = compose_chart(some_stats(), some_breakdown(), Locale(texts=ENGLISH))

    assert any(each.title.startswith("Weekdays and hours, ") for each in chart.sections)
    assert not any("None" in each.title for each in chart.sections)


def test_the_rest_is_bars() -> None:
    """Years, languages, sites, sources and reactions are bars with their numbers."""
    chart = compose_chart(some_stats(), some_breakdown(), _READER)
    words = RUSSIAN.stats

    assert _bars(chart, words.years) == [("2022", 7, "7"), ("2023", 12, "12"), ("2024", 3, "3")]
    assert _bars(chart, words.top_languages) == [("python", 6, "6"), (words.unknown, 3, "3")]
    assert _bars(chart, words.hosts) == [("arxiv.org", 4, "4")]
    assert _bars(chart, words.sources) == [("Костя", 2, "2")]
    assert _bars(chart, words.reactions)[0] == ("❤", 1200, "1\u00a0200")


def test_what_there_is_none_of_has_no_section() -> None:
    """A bare archive of one month is its posts by month alone."""
    stats = some_stats({"2024-01": 1}, by_language=(), with_code=0)
    nothing = some_breakdown(hours=((0,) * 24,) * 7, tags=(), hosts=(), sources=(), reactions=())

    chart = compose_chart(stats, nothing, _READER)

    assert [type(section) for section in chart.sections] == [Columns]


def test_all_channels_are_there() -> None:
    """Each has a bar, the largest first; beyond forty the smallest share one."""
    stats = some_stats(channels=several(*(f"Канал {number}" for number in range(1, 43))))

    bars = _bars(compose_chart(stats, some_breakdown(), _READER), RUSSIAN.stats.channels)

    assert bars[0] == ("Канал 42", 42, "42")
    assert bars[-2:] == [("Канал 3", 3, "3"), ("и ещё 2", 3, "3")]
    assert len(bars) == 41


def test_very_many_years_begin_with_one_bar() -> None:
    """A picture has room for sixty years; those before share a bar."""
    stats = some_stats({f"{year}-05": 1 for year in range(1960, 2027)})

    bars = _bars(compose_chart(stats, some_breakdown(tags=()), _READER), RUSSIAN.stats.years)

    assert bars[:2] == [("1960 — 1966", 7, "7"), ("1967", 1, "1")]
    assert len(bars) == 61


def test_a_title_that_cannot_be_drawn_gives_way_to_the_username() -> None:
    """A channel is called by its username where no font has its title, if it has one."""

    def titled(username: str | None) -> Chart:
        stats = some_stats(channels=several("数据", "Б", username=username))
        return compose_chart(stats, some_breakdown(), _READER, can_draw="Б".__eq__)

    assert titled("data").title == "Архив «@data», «Б»"
    assert titled(None).title == "Архив «数据», «Б»"
    assert _bars(titled("data"), RUSSIAN.stats.channels)[1] == ("@data", 1, "1")


def test_archive_of_many_channels_is_called_by_the_first() -> None:
    """Three channels are named, and how many more there are."""
    titles = [f"Канал {number}" for number in range(1, 6)]

    assert archive_title(titles[:2], RUSSIAN) == "Архив «Канал 1», «Канал 2»"
    assert archive_title(titles, RUSSIAN).endswith("«Канал 3» и ещё 2")
    assert archive_title(titles, ENGLISH).endswith("“Канал 3” and 2 more")


def test_all_texts_of_a_chart_are_known() -> None:
    """What is written anywhere is among its texts, for fonts to be found."""
    grid = Grid(
        title="c", labels=("d",), rows=[Row(label="e", values=(1,), shown="f")], is_wide=True
    )
    bars = Bars(title="g", bars=[Bar(label="h", value=1, shown="i")])

    assert "".join(Chart(title="a", facts="b", sections=[grid, bars]).texts()) == "abcdefghi"
