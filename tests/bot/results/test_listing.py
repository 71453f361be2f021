"""Searching: any text finds posts, and the buttons turn pages, filter and survive."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.sessions import Listing
from i18n import Catalogue
from model.rich_text import SpanKind
from tests.bot.channel import written
from tests.bot.conftest import Filled, World
from tests.bot.person import Person
from tests.bot.sentences import ENGLISH, RUSSIAN, count, opening, posts
from tests.standin.world import BOT

pytestmark = pytest.mark.asyncio

_TOOLS = (
    RUSSIAN.filters.button,
    f"↕ {RUSSIAN.filters.sorts['new'].capitalize()}",
    RUSSIAN.following.button_follow,
    RUSSIAN.exporting.button,
)


async def test_any_text_is_a_search(world: World) -> None:
    """A message is answered with the posts that it finds, the words in bold, in one message."""
    async with Person(world.build) as person:
        await person.says("группировка")

    assert person.text.startswith(
        f"🔎 группировка — {posts(1)}\n"
        f"ℹ️ {RUSSIAN.notes['synonym'].format(others='«groupby»')}\n\n"
        "1. Группировка в pandas\n"
    )
    assert f"6 марта 2024 · #pandas · {count(1, RUSSIAN.snippets)}" in person.text
    assert "Группировка" in person.styled(SpanKind.BOLD)
    assert "df.groupby" in person.styled(SpanKind.PRE)[0]
    assert person.languages() == ["python"]
    assert person.labels == ["1", RUSSIAN.button_code_only, RUSSIAN.following.button_follow]


async def test_title_is_a_link_to_the_post(world: World) -> None:
    """Where the channel's name is known, a title leads to the post in Telegram."""
    async with Person(world.build) as person:
        await person.says("группировка")

    links = [s.value for s in person.seen.body.spans if s.kind is SpanKind.TEXT_LINK]
    assert links == ["https://t.me/zametki/1"]


async def test_pages_are_turned_in_place(world: World) -> None:
    """The arrows show the other pages in the same message."""
    async with Person(world.build) as person:
        await person.says("очередь")
        first = person.seen
        assert person.labels == ["1", "2", "3", "4", "5", "1/3", "›", *_TOOLS]
        await person.presses("›")
        assert person.labels == ["1", "2", "3", "4", "5", "‹", "2/3", "›", *_TOOLS]
        await person.presses("›")

    assert person.labels == ["1", "2", "3", "‹", "3/3", *_TOOLS]
    assert person.seen.is_edit
    assert person.seen.message_id == first.message_id


async def test_every_post_is_on_one_page(world: World) -> None:
    """Over its pages a search shows every post once."""
    async with Person(world.build) as person:
        await person.says("очередь")
        titles = []
        for _ in range(3):
            titles += [line for line in person.text.splitlines() if ". Заметка" in line]
            if "›" in person.labels:
                await person.presses("›")

    numbers = sorted(int(title.split()[2]) for title in titles)
    assert numbers == list(range(4, 17))


async def test_number_of_the_page_does_nothing(world: World) -> None:
    """The indicator between the arrows is answered and changes nothing."""
    async with Person(world.build) as person:
        await person.says("очередь")
        await person.presses("1/3")

    assert person.events == []


async def test_code_only_is_switched_on_and_off(world: World) -> None:
    """The toggle leaves posts with code, says so, and takes it back."""
    async with Person(world.build) as person:
        await person.says("карусель")
        assert posts(2) in person.text
        await person.presses(RUSSIAN.button_code_only)
        assert f"{posts(1)}\n⚙ {RUSSIAN.filters.things['code']}" in person.text
        await person.presses(RUSSIAN.button_all_posts)

    assert posts(2) in person.text


async def test_nothing_found_says_what_to_try(world: World) -> None:
    """An empty result names the query and what to do about it."""
    async with Person(world.build) as person:
        await person.says("<b>щщщ & ъъъ</b>")

    assert RUSSIAN.nothing_found.format(query="<b>щщщ & ъъъ</b>") in person.text
    assert RUSSIAN.filters.tried in person.text
    assert person.labels == [
        RUSSIAN.button_tags,
        RUSSIAN.button_recent,
        RUSSIAN.following.button_follow,
    ]


async def test_nothing_found_among_code_can_be_widened(world: World) -> None:
    """Where the filter leaves nothing, it can be taken off under the sentence that says so."""
    async with Person(world.build) as person:
        await person.says("очередь")
        session = person.buttons[-1].data.split("|")[2]
        await person.sends_data(f"1|c|{session}|1")
        assert RUSSIAN.nothing_found.format(query="очередь") in person.text
        assert person.labels[:2] == [RUSSIAN.filters.button_unfiltered, RUSSIAN.filters.button]
        await person.presses(RUSSIAN.filters.button_unfiltered)

    assert posts(13) in person.text


async def test_part_that_finds_nothing_can_be_left_out(world: World) -> None:
    """Where a condition leaves nothing, the query without it is offered with what it finds."""
    async with Person(world.build) as person:
        await person.says("#щщщ is:original")
        (label,) = [label for label in person.labels if label.startswith("🔎 is:original · ")]
        twice = next(button.data for button in person.buttons if button.label == label)
        await person.sends_data(twice)
        await person.sends_data(twice)

    assert person.events == []
    assert person.seen.is_edit
    assert person.text.startswith("🔎 is:original — ")


async def test_condition_that_leaves_nothing_is_told(world: World) -> None:
    """The words alone are searched, and the answer names the condition."""
    async with Person(world.build) as person:
        await person.says('"очередь карусель" телескоп')

    assert RUSSIAN.notes["words_alone"].format(word='«"очередь карусель"»') in person.text
    assert count(16, RUSSIAN.near_posts) in person.text


async def test_answers_are_in_the_persons_language(world: World) -> None:
    """The language follows the person's own."""
    async with Person(world.build, language_code="en-GB") as person:
        await person.says("карусель")

    assert "— 2 posts" in person.text
    assert "March 7, 2024 · #pandas #sql · 2 snippets" in person.text
    assert ENGLISH.button_code_only in person.labels


async def test_remarks_of_the_search_are_told(world: World) -> None:
    """What is odd about a query is said above the posts."""
    async with Person(world.build) as person:
        await person.says("карусель foo:bar")
        assert RUSSIAN.notes["unknown_operator"].format(words="«foo»") in person.text
        await person.says("карусель after:вчерась")
        assert RUSSIAN.notes["bad_value"].format(words="«after:вчерась»") in person.text
        await person.says('"')

    assert RUSSIAN.notes["nothing_to_search"] in person.text


async def test_widened_search_is_told(world: World) -> None:
    """Where a search goes beyond the words typed, it says what else it looked for."""
    async with Person(world.build) as person:
        await person.says("jxthtlm")
        assert RUSSIAN.notes["other_layout"].format(others="«очередь»") in person.text
        await person.says("телескпо")
        spelt = RUSSIAN.notes["other_spelling"].format(word="«телескпо»", others="«телескоп»")
        assert spelt in person.text
        await person.says("карусель в марте 2024")
        assert _period("«в марте 2024»", "1 марта 2024 — 31 марта 2024") in person.text
        await person.says("карусель after:2024-03-07")

        from_day = RUSSIAN.from_day.format(day="7 марта 2024")
        assert _period("«after:2024-03-07»", from_day) in person.text
        await person.says("карусель до:2025")
        until_day = RUSSIAN.until_day.format(day="31 декабря 2024")
        assert _period("«до:2025»", until_day) in person.text


def _period(word: str, days: str) -> str:
    return RUSSIAN.notes["period"].format(word=word, days=days)


async def test_word_that_may_be_a_slip_is_a_press_away(world: World, filled: Filled) -> None:
    """A rare word beside a frequent one brings the other as a button, in the same message."""
    alike = [written(number, f"Кластеризация номер {number}") for number in range(1, 40)]
    store, searcher = filled([*alike, written(40, "Кластиризация с опечаткой")])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("КЛАСТИРИЗАЦИЯ")
        assert RUSSIAN.notes["did_you_mean"].format(others="«кластеризация»") in person.text
        label = "🔎 кластеризация"
        assert label in person.labels
        data = next(button.data for button in person.buttons if button.label == label)
        await person.sends_data(data[:-1] + "9")
        assert RUSSIAN.outdated in person.toasts[0]
        await person.presses(label)

    assert person.seen.is_edit
    assert person.text.startswith("🔎 кластеризация — ")
    assert posts(39) in person.text or posts(40) in person.text


async def test_the_other_reading_of_a_query_is_a_press_away(world: World) -> None:
    """A date in words narrows the search, and a button searches for its words."""
    async with Person(world.build) as person:
        await person.says("карусель в марте 2024")
        await person.presses("🔎 карусель марте 2024")

    assert person.seen.is_edit
    assert person.text.startswith("🔎 карусель марте 2024 — ")
    assert RUSSIAN.no_post_with_all in person.text


async def test_code_only_is_offered_where_there_is_code(world: World) -> None:
    """The button needs code in what was found, be it on a later page."""
    async with Person(world.build) as person:
        await person.says("очередь")
        assert RUSSIAN.button_code_only not in person.labels
        await person.says("очередь OR замеры sort:new")

    assert count(2, RUSSIAN.snippets) not in person.text
    assert RUSSIAN.button_code_only in person.labels


@pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH], ids=["ru", "en"])
async def test_near_posts_follow_on_pages_of_their_own(world: World, texts: Catalogue) -> None:
    """One post with all the words and those with some are counted and paged apart."""
    async with Person(world.build, language_code=texts.code) as person:
        await person.says("очередь 7")
        near = texts.count(13, texts.near)
        both = texts.posts_and_near.format(posts=texts.count(1, texts.posts), near=near)
        assert person.text.startswith(f"🔎 очередь 7 — {both}\n")
        assert person.labels[:3] == ["1", "1/4", f"{near} ›"]
        assert "1. Заметка 7 про очередь" in person.text
        assert texts.from_here_near not in person.text
        await person.presses(f"{near} ›")
        titles = [line for line in person.text.splitlines() if ". Заметка" in line]
        for _ in range(2):
            await person.presses("›")
            assert texts.from_here_near in person.text
            titles += [line for line in person.text.splitlines() if ". Заметка" in line]

    assert sorted(int(title.split()[2]) for title in titles) == [4, 5, 6, *range(8, 17)]


async def test_by_date_near_posts_are_among_the_others(world: World) -> None:
    """Sorted by date, the posts stand in the order of their dates."""
    async with Person(world.build) as person:
        await person.says("очередь 7 sort:new")

    assert person.text.startswith("🔎 очередь 7 sort:new — 1 пост и ещё 13 близких")
    assert person.labels[:7] == ["1", "2", "3", "4", "5", "1/3", "›"]


async def test_words_of_the_best_posts_are_suggested(world: World) -> None:
    """Where no post has all of the words, those are a press away that the best post has."""
    async with Person(world.build) as person:
        await person.says("заметка очередь телескопический прошлогодний")
        assert RUSSIAN.no_post_with_all in person.text
        await person.presses("🔎 заметка очередь · 13")

    assert person.text.startswith(f"🔎 заметка очередь — {posts(13)}")


@pytest.mark.parametrize(
    ("texts", "said", "condition", "thing"),
    [
        (RUSSIAN, "опросы", "есть:опрос", "poll"),
        (RUSSIAN, "посты с кодом", "есть:код", "code"),
        (ENGLISH, "photos", "has:photo", "photo"),
        (ENGLISH, "posts with code", "has:code", "code"),
    ],
    ids=["poll-ru", "code-ru", "photo-en", "code-en"],
)
async def test_words_for_what_posts_hold_hint_at_the_condition(
    world: World, texts: Catalogue, said: str, condition: str, thing: str
) -> None:
    """A thing that posts may have is searched for as a word, and its condition is a press away."""
    async with Person(world.build, language_code=texts.code) as person:
        await person.says(said)
        hint = texts.filters.thing_hint.format(
            things=texts.filters.things[thing], condition=condition
        )
        assert f"ℹ️ {hint}" in person.text.splitlines()
        (label,) = [label for label in person.labels if label.startswith(f"🔎 {condition} · ")]
        await person.presses(label)

    assert person.text.startswith(f"🔎 {condition} — ")


@pytest.mark.parametrize("said", ["стикеры", "tags everywhere", "код ревью", "с", "has:photo"])
async def test_other_words_have_no_such_hint(world: World, said: str) -> None:
    """Words about something else, things that no filter is called by, and the condition itself."""
    async with Person(world.build) as person:
        await person.says(said)

    assert opening(RUSSIAN.filters.thing_hint) not in person.text


async def test_pasted_stack_trace_is_searched_to_its_end(world: World) -> None:
    """The last line tells most; the heading shows the first ones, and the buttons know them all."""
    frames = [f'  File "/srv/app/step{n}.py", line {n}, in run' for n in range(80)]
    trace = "\n".join(["Traceback (most recent call last):", *frames, "Слово599: о карусели"])

    async with Person(world.build) as person:
        await person.says(trace)
        assert len(trace) > 3000
        assert "Слово599" in person.text
        assert person.text.startswith("🔎 Traceback (most recent call last): File")
        assert "…" in person.text.splitlines()[0]
        await person.presses(RUSSIAN.following.button_follow)
        (saved,) = world.bot_store.saved.of_person(person.user_id)

    assert saved.query == " ".join(trace.split())


async def test_long_query_without_results_is_shown_by_its_beginning(world: World) -> None:
    """A message is no longer than Telegram allows, whatever was asked."""
    async with Person(world.build) as person:
        await person.says("ы" * 4096)

    assert "ы" * 255 + "…" in person.text
    assert "ы" * 256 not in person.text


async def test_search_command_wants_words(world: World) -> None:
    """`/search` alone asks for words; with words it is a search, over lines as well."""
    async with Person(world.build) as person:
        await person.says("/search")
        assert RUSSIAN.ask_query in person.text
        await person.says("/code  ")
        assert RUSSIAN.ask_code_query in person.text
        await person.says("/search\nочередь")

    assert posts(13) in person.text


async def test_caption_is_a_search(world: World) -> None:
    """The words under a photo count as a message."""
    async with Person(world.build) as person:
        data = person.server.message_update("")
        await person.receives(data | {"message": data["message"] | {"caption": "телескоп"}})

    assert posts(1) in person.text


async def test_code_command_shows_code(world: World) -> None:
    """`/code` lists snippets in their language; a number opens the snippet."""
    async with Person(world.build) as person:
        await person.says("/code visits")
        assert person.text.startswith(f"💻 visits — {posts(1)}")
        assert person.languages() == ["sql"]
        await person.presses("1")

    assert RUSSIAN.snippet_of.format(number=2, count=2) in person.text
    assert person.languages()[-1] == "sql"


async def test_long_code_is_cropped_in_a_list(world: World) -> None:
    """A list shows the first lines of a long snippet."""
    async with Person(world.build) as person:
        await person.says("/code total_7")

    assert "total_14 = " in person.text
    assert "total_15 = " not in person.text
    assert person.styled(SpanKind.PRE)[0].endswith("\n…")


async def test_code_command_quotes_where_no_snippet_is_worth_showing(
    world: World, filled: Filled
) -> None:
    """A post that is listed as code for want of better is quoted."""
    async with Person(world.build) as person:
        await person.says("/code карусели")

    assert "Замеры карусели" in person.text


async def test_recent_posts_are_listed(world: World) -> None:
    """`/recent` lists the latest posts, whatever they hold, without service lines."""
    async with Person(world.build) as person:
        await person.says("/recent")

    assert person.text.startswith(f"🆕 {RUSSIAN.recent_title} — всего {posts(19)}")
    assert "1. Чужая мысль про телескоп" in person.text
    assert "2. Какая база лучше?" in person.text
    assert f"3. {RUSSIAN.media['photo'].capitalize()} ×2" in person.text
    assert person.labels == ["1", "2", "3", "4", "5", "1/4", "›", RUSSIAN.filters.button]


async def test_recent_posts_of_an_empty_archive(world: World, filled: Filled) -> None:
    """An empty archive has an empty page."""
    store, searcher = filled([])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("/recent")

    assert RUSSIAN.nothing_here in person.text
    assert person.labels == []


async def test_page_beyond_the_last_is_the_last(world: World) -> None:
    """A button of a time when there were more posts leads to the last page."""
    async with Person(world.build) as person:
        await person.says("очередь")
        data = person.buttons[6].data
        await person.sends_data(data.rpartition("|")[0] + "|999")
        assert "3/3" in person.labels
        await person.sends_data(data.rpartition("|")[0] + "|0")

    assert "1/3" in person.labels


async def test_same_page_again_changes_nothing(world: World) -> None:
    """A button pressed twice in a hurry is no error."""
    async with Person(world.build) as person:
        await person.says("очередь")
        forth = person.buttons[6].data
        await person.sends_data(forth)
        await person.sends_data(forth)

    assert person.events == []


async def test_buttons_survive_a_restart(world: World) -> None:
    """A new process turns the pages of a message of the old one."""
    async with Person(world.build) as person:
        await person.says("очередь")
        person.application = world.build(person.server)
        async with person.application:
            await person.presses("›")

    assert "2/3" in person.labels


async def test_expired_results_offer_to_search_again(world: World) -> None:
    """Once its session is gone, a message says so and offers the same search again."""
    async with Person(world.build) as person:
        await person.says("очередь")
        await person.says("/code groupby")
        world.bot_store.drop_sessions(before=world.clock() + timedelta(days=1))
        await person.presses("1")
        assert person.toasts == [RUSSIAN.expired]
        assert person.labels == [RUSSIAN.button_again]
        await person.presses(RUSSIAN.button_again)

    assert person.text.startswith(f"💻 groupby — {posts(1)}")
    assert "1" in person.labels


async def test_expired_card_loses_its_buttons(world: World) -> None:
    """A message that does not show its query can only say that it has expired."""
    async with Person(world.build) as person:
        await person.says("телескоп")
        await person.presses("1")
        world.bot_store.drop_sessions(before=world.clock() + timedelta(days=1))
        await person.presses(RUSSIAN.button_back)
        assert RUSSIAN.expired in person.toasts[0]
        assert person.labels == []
        await person.sends_data("1|a|")

    assert RUSSIAN.outdated in person.toasts[0]


async def test_sessions_are_kept_for_a_month(world: World) -> None:
    """The bot forgets old searches when it starts."""
    async with Person(world.build) as person:
        await person.says("очередь")
    world.clock.passes(timedelta(days=29))
    async with Person(world.build) as later:
        later.sees_what_came()
        assert world.bot_store.find_session(person.buttons[0].data.split("|")[2])
    world.clock.passes(timedelta(days=2))
    async with Person(world.build):
        session = person.buttons[0].data.split("|")[2]
        async with asyncio.timeout(60):
            while world.bot_store.find_session(session):  # noqa: ASYNC110  # beside its other work
                await asyncio.sleep(0.01)


async def test_results_belong_to_the_one_who_asked(world: World) -> None:
    """Another owner cannot turn the pages of someone's search."""
    world.config = replace(world.config, owners=frozenset({1, 2}))
    async with Person(world.build) as person, Person(world.build, user_id=2) as other:
        await person.says("очередь")
        await other.says("очередь")
        await other.sends_data(person.buttons[6].data)

    assert other.toasts == [RUSSIAN.not_yours]


async def test_slow_search_is_given_up(world: World) -> None:
    """A search that takes longer than its deadline is answered with a word about it."""
    world.config = replace(world.config, search_deadline=timedelta(0))
    async with Person(world.build) as person:
        await person.says("очередь")

    assert RUSSIAN.too_slow in person.text


async def test_group_is_answered_when_it_speaks_to_the_bot(world: World) -> None:
    """In a group a command, the bot's name or a reply asks; all else is other people's talk."""
    group = {"id": -100, "type": "supergroup", "title": "Группа"}
    bot = BOT.as_json()
    async with Person(world.build) as person:
        await person.says("очередь", chat=group)
        assert person.events == []
        answered = {"message_id": 1, "date": 0, "chat": group, "text": "?"}
        await person.says(
            "очередь", chat=group, reply_to_message={**answered, "from": {**bot, "id": 5}}
        )
        assert person.events == []
        await person.says("очередь", chat=group, reply_to_message={**answered, "from": bot})
        assert posts(13) in person.text
        await person.says("@Letopis_Standin_Bot телескоп", chat=group)
        assert f"🔎 телескоп — {posts(1)}" in person.text
        await person.says("/search@letopis_standin_bot телескоп", chat=group)

    assert posts(1) in person.text
    assert "reply_parameters" in person.server.calls[-1][1]


@pytest.mark.parametrize(
    ("count", "line"),
    [
        (2, f"♻ {RUSSIAN.cards.repeated} 6 марта 2024"),
        (
            5,
            (
                f"♻ {RUSSIAN.cards.repeated} 6 марта 2024, 7 марта 2024, 8 марта 2024 "
                f"{RUSSIAN.cards.more_repeats.format(number=1)}"
            ),
        ),
    ],
    ids=["one more", "many"],
)
async def test_same_text_is_shown_once(world: World, filled: Filled, count: int, line: str) -> None:
    """Posts with one text are one hit, which names the days of the others and leads to them."""
    text = "Один и тот же анонс вебинара, который повторяется слово в слово"
    store, searcher = filled([written(number, text) for number in range(1, count + 1)])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("вебинар")

    assert f"— {posts(1)}\n" in person.text
    assert person.text.endswith(line)
    links = [s.value for s in person.seen.body.spans if s.kind is SpanKind.TEXT_LINK]
    assert links[1] == "https://t.me/zametki/1"


async def test_kinds_of_listings_are_kept_by_name() -> None:
    """The names that sessions are kept under do not change."""
    kept = ["search", "code", "recent", "tags", "random", "similar", "saved", "answers", "album"]
    assert [*Listing] == kept
