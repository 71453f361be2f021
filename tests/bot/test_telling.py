"""What is found for people is told at a good time, once, and as slowly as Telegram likes it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram.error import NetworkError, TimedOut

from bot.access import Gate
from bot.config import Access
from bot.following.courier import Courier
from bot.following.news import note_news
from bot.following.telling import Telling
from bot.watch import Watch
from db import Mode, open_archive
from model.errors import LetopisError
from model.posts import Media, MediaKind, Reaction, Snippet, SnippetOrigin
from search import Searcher, open_index
from tests.bot.channel import AS_OF, CHANNEL, written
from tests.bot.conftest import OWNER, World
from tests.bot.following import Teller, everybody, post
from tests.bot.person import Person
from tests.searchers import patient_searcher

pytestmark = [
    pytest.mark.asyncio,
    # The library announces what it will make of `retry_after`.
    pytest.mark.filterwarnings("ignore:Deprecated since version v22.2"),
]

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_SETTLING = timedelta(seconds=15)


@pytest.fixture
def own(world: World, tmp_path: Path) -> Iterator[World]:
    """Return a bot over an archive of its own, with one post about a carousel."""
    with open_archive(tmp_path / "archive.db", clock=world.clock) as store:
        index = open_index(tmp_path / "index", store)
        own = replace(
            world, store=store, searcher=patient_searcher(store, index, clock=world.clock)
        )
        own.bot_store.people.note_spoken(OWNER, "ru")
        post(own, written(1, "Первая карусель"))
        index.catch_up()
        yield own
        index.close()


def _follow(world: World, query: str = "карусель", *, user_id: int = OWNER) -> int:
    return world.bot_store.saved.save(
        user_id,
        query,
        archive_id=world.store.archive_id,
        seq=world.store.last_seq(),
        known=world.searcher.matching(query),
        now=world.clock(),
    )


def _refusal(code: int, words: str, **parameters: int) -> tuple[int, bytes]:
    more = f',"parameters":{{"retry_after":{parameters["retry_after"]}}}' if parameters else ""
    return code, f'{{"ok":false,"error_code":{code},"description":"{words}"{more}}}'.encode()


async def test_new_post_is_told_with_what_to_do(own: World) -> None:
    """A post that matches comes with its title, its words, a way to it and two ways out."""
    _follow(own)
    async with Person(own.build) as person:
        post(own, written(2, "Заметка #карусель\n\nПро карусель и лошадок"))
        await Teller(own, person).tells()

        assert person.text.startswith("🔔 Новый пост по подписке «карусель»\n\nЗаметка\n")
        assert "Про карусель и лошадок" in person.text
        assert person.labels == ["↗ Открыть", "🔕 На день", "✖ Отписаться"]
        assert person.buttons[0].url == "https://t.me/zametki/2"


async def test_alert_is_in_the_language_of_the_person(own: World) -> None:
    """The language that was chosen holds for what is told unasked."""
    own.bot_store.people.choose_language(OWNER, "en")
    _follow(own)
    async with Person(own.build) as person:
        post(own, written(2, "Ещё карусель"))
        await Teller(own, person).tells()

        assert person.text.startswith("🔔 A new post for “карусель”")
        assert person.labels == ["↗ Open", "🔕 For a day", "✖ Unsubscribe"]


async def test_post_without_an_address_is_read_here(own: World) -> None:
    """Where a channel has no name, the button opens the post in the bot."""
    _follow(own, "фото OR has:photo")
    async with Person(own.build) as person:
        channel = replace(CHANNEL, title="Безымянный", username=None)
        store = own.store
        photo = written(7, "", media=(Media(kind=MediaKind.PHOTO),))
        store.save(store.resolve_channel(channel), [photo], as_of=AS_OF)
        await Teller(own, person).tells()
        assert "фото" in person.text
        await person.presses("📖 Прочитать")

    assert "Вложения: фото" in person.text


async def test_what_was_there_is_not_told(own: World) -> None:
    """Posts from before the search was saved are no news, nor are those that do not match."""
    _follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        assert await teller.tells() == []
        post(own, written(2, "Телескоп"))

        assert await teller.tells() == []


async def test_edit_is_told_if_the_post_matches_only_now(own: World) -> None:
    """A changed post is announced when it newly matches, and never a second time."""
    _follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(1, "Первая карусель, исправленная"))
        assert await teller.tells() == []
        post(own, written(2, "Качели"))
        assert await teller.tells() == []
        own.clock.passes(_HOUR)
        post(own, written(2, "Качели и карусель", edited_at=own.clock()))
        (told,) = await teller.tells()
        assert "Изменённый пост" in told
        own.clock.passes(_HOUR)
        post(own, written(2, "Карусель и качели", edited_at=own.clock()))

        assert await teller.tells() == []


async def test_post_found_by_several_searches_is_told_once(own: World) -> None:
    """One message names all of them and leads to the list."""
    for query in ("карусель", "лошадки", "has:link", "#пони"):
        _follow(own, query)
    async with Person(own.build) as person:
        post(own, written(2, "Карусель и лошадки #пони"))
        (told,) = await Teller(own, person).tells()

        assert "по подпискам «<code>карусель</code>», «<code>лошадки</code>», «" in told
        assert person.labels == ["↗ Открыть", "🔔 Мои подписки"]
        await person.presses("🔔 Мои подписки")
        assert "4 из 20" in person.text
        assert not person.seen.is_edit


async def test_post_found_by_very_many_searches_names_some(own: World) -> None:
    """Not more than five queries are named."""
    for number in range(7):
        _follow(own, f"карусель -слово{number}")
    async with Person(own.build) as person:
        post(own, written(2, "Карусель"))
        (told,) = await Teller(own, person).tells()

    assert "…и ещё 2" in told


async def test_three_posts_come_one_by_one(own: World) -> None:
    """Few posts have a message each, a second apart."""
    _follow(own)
    async with Person(own.build) as person:
        post(own, *(written(number, f"Карусель {number}") for number in (2, 3, 4)))
        told = await Teller(own, person).tells()

    assert [text.count("Новый пост") for text in told] == [1, 1, 1]
    assert ["zametki/2" in told[0], "zametki/4" in told[2]] == [True, True]


async def test_many_posts_come_in_one_message(own: World) -> None:
    """An import of thousands is one message with a count, and a button that shows them."""
    _follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, *(written(number, f"Карусель {number}") for number in range(2, 1302)))
        assert await teller.tells() == []
        (told,) = await teller.tells(after=_SETTLING)
        assert "1\u00a0300 новых постов</b> по подписке «<code>карусель</code>»" in told
        assert "…и ещё 1\u00a0295" in person.text
        assert person.labels == ["🆕 Показать 1\u00a0300", "🔕 На день", "✖ Отписаться"]
        await person.presses("🆕 Показать 1\u00a0300")

    assert person.text.startswith("🔔 карусель — 1\u00a0300 новых постов")
    assert "1/260" in person.labels


async def test_huge_import_is_looked_through_at_once(own: World) -> None:
    """Of many posts each is put to each search as of few: what matches all of it, and new to it."""
    one = _follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, *(written(number, f"Карусель {number}") for number in range(2, 10)))
        await teller.tells()
        other = _follow(own, "карусель мёд")
        post(own, *(written(number, f"Карусель {number}") for number in range(10, 600)))
        post(own, *(written(number, f"Карусель и мёд {number}") for number in range(600, 605)))
        await teller.tells()

    waiting = {each.search.saved_search_id: each.posts for each in own.bot_store.alerts.waiting()}
    assert waiting == {one: 603, other: 5}


async def test_import_that_goes_on_is_one_piece_of_news(own: World) -> None:
    """A heap is told when nothing more comes."""
    _follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        number = 2
        for _ in range(4):
            post(own, *(written(n, f"Карусель {n}") for n in range(number, number + 10)))
            number += 10
            assert await teller.tells(after=timedelta(seconds=5)) == []
        (told,) = await teller.tells(after=_SETTLING)
        assert "40 новых постов" in told


async def test_many_in_a_row_are_gathered(own: World) -> None:
    """After three alerts in ten minutes the next posts wait and come together."""
    _follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        for number in (2, 3, 4):
            post(own, written(number, f"Карусель {number}"))
            assert len(await teller.tells(after=timedelta(minutes=1))) == 1
        for number in (5, 6, 7, 8):
            post(own, written(number, f"Карусель {number}"))
            assert await teller.tells(after=timedelta(minutes=1)) == []
        (told,) = await teller.tells(after=timedelta(minutes=8))

    assert "4 новых поста" in told


async def test_several_searches_share_a_message(own: World) -> None:
    """A heap of several searches is counted by search, with a button for each."""
    for query in ("карусель", "лошадки"):
        _follow(own, query)
    async with Person(own.build) as person:
        post(own, *(written(n, f"Карусель {n} #пони") for n in range(2, 6)))
        post(own, written(6, "Карусель 6 и лошадки"))
        post(own, *(written(n, f"Лошадки {n}") for n in range(12, 14)))
        teller = Teller(own, person)
        await teller.tells()
        (told,) = await teller.tells(after=_SETTLING)

        assert "7 новых постов</b> по 2 подпискам" in told  # one of them by both
        assert "карусель — 5\n• Карусель 6 и лошадки\n• Карусель 5\n" in person.text
        assert "…и ещё 2\n\nлошадки — 3" in person.text
        assert person.labels == ["🆕 карусель · 5", "🆕 лошадки · 3", "🔔 Мои подписки"]
        await person.presses("🆕 лошадки · 3")

    assert person.text.startswith("🔔 лошадки — 3 новых поста")


async def test_twenty_searches_fit_into_a_message(own: World) -> None:
    """However many and long the searches, the message is one that Telegram takes."""
    for number in range(20):
        _follow(own, f"карусель -{'слово' * 40}{number}")
    async with Person(own.build) as person:
        title = "Карусель " * 30
        post(own, *(written(n, f"{title}{n}") for n in range(2, 12)))
        teller = Teller(own, person)
        await teller.tells()
        (told,) = await teller.tells(after=_SETTLING)

    assert "10 новых постов</b> по 20 подпискам" in told
    assert len(person.text) < 4096
    assert len(person.seen.body.spans) < 100


async def test_night_is_quiet(own: World) -> None:
    """What is found by night waits for the morning; who never sleeps is told at once."""
    _follow(own)
    own.clock.passes(11 * _HOUR)  # 23:00
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        assert await teller.tells() == []
        assert await teller.tells(after=8 * _HOUR) == []
        assert len(await teller.tells(after=_HOUR)) == 1
        own.bot_store.followers.choose_quiet(OWNER, 0, 12)
        post(own, written(3, "Карусель"))
        assert await teller.tells() == []
        own.bot_store.followers.choose_quiet(OWNER, 0, 0)

        assert len(await teller.tells()) == 1


async def test_hours_are_those_of_the_zone(own: World) -> None:
    """The clock by which it is night is that of the settings."""
    _follow(own)
    zone = datetime.now().astimezone().tzinfo
    local = replace(own, config=replace(own.config, zone=None))
    local.clock.now = datetime(2025, 1, 1, 23, tzinfo=zone)
    async with Person(local.build) as person:
        post(local, written(2, "Карусель"))
        teller = Teller(local, person)
        assert await teller.tells() == []

        assert len(await teller.tells(after=9 * _HOUR)) == 1


async def test_daily_search_is_told_in_the_morning(own: World) -> None:
    """What was found until nine comes at nine, what is found later a day later."""
    own.bot_store.saved.choose_mode(_follow(own), Mode.DAILY)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        assert await teller.tells(after=20 * _HOUR) == []  # 8:00
        (told,) = await teller.tells(after=_HOUR)
        assert "1 новый пост" in told
        own.clock.passes(timedelta(minutes=1))
        post(own, written(3, "Карусель"))

        assert await teller.tells() == []
        assert len(await teller.tells(after=_DAY)) == 1


async def test_weekly_search_is_told_on_monday(own: World) -> None:
    """What was found in a week comes on Monday at nine."""
    own.bot_store.saved.choose_mode(_follow(own), Mode.WEEKLY)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"), written(3, "Карусель"))
        for _ in range(4):  # from Wednesday noon to Sunday noon
            assert await teller.tells(after=_DAY) == []
        (told,) = await teller.tells(after=_DAY)

    assert "2 новых поста" in told


async def test_muted_search_waits_for_a_day(own: World) -> None:
    """Silenced from the alert, a search tells a day later what it found meanwhile."""
    _follow(own)
    own.bot_store.followers.choose_quiet(OWNER, 0, 0)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        await teller.tells()
        await person.presses("🔕 На день")
        assert "Сутки молчу" in person.toasts[0]
        post(own, written(3, "Карусель"))
        assert await teller.tells(after=23 * _HOUR) == []

        assert len(await teller.tells(after=_HOUR)) == 1


async def test_unsubscribed_means_no_more(own: World) -> None:
    """One press under the alert ends it, a second one finds nothing to end."""
    _follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        await teller.tells()
        await person.presses("✖ Отписаться")
        assert "Подписка удалена" in person.toasts[0]
        await person.presses("✖ Отписаться")
        assert "больше нет" in person.toasts[0]
        post(own, written(3, "Карусель"))

        assert await teller.tells() == []


async def test_paused_search_tells_nothing(own: World) -> None:
    """During a pause nothing is told, nor is it afterwards; it still counts as new."""
    key = _follow(own)
    own.bot_store.saved.pause(key, own.clock())
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        assert await teller.tells() == []
        own.bot_store.saved.pause(key, None)
        assert await teller.tells() == []
        post(own, written(3, "Карусель"))

        assert len(await teller.tells()) == 1
        assert own.bot_store.saved.of_person(OWNER)[0].new == 2


async def test_too_many_requests_are_waited_for(own: World) -> None:
    """Refused as too fast, an alert goes out after the time that Telegram asks for, once."""
    _follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        person.server.prescribe("sendMessage", _refusal(429, "Too Many", retry_after=30))
        assert len(await teller.tells(rounds=20)) == 1  # refused
        assert await teller.tells() == []
        teller.seconds.now += 30

        assert len(await teller.tells()) == 1
        assert await teller.tells() == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (403, "Forbidden: bot can't initiate conversation with a user"),
        (400, "Bad Request: chat not found"),
    ],
)
async def test_who_is_gone_follows_nothing(own: World, code: int, words: str) -> None:
    """Who blocked the bot, or left Telegram, is not written to again."""
    _follow(own)
    _follow(own, "лошадки")
    own.bot_store.followers.choose_digest(OWNER, own.clock())
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        person.server.prescribe("sendMessage", _refusal(code, words))
        await teller.tells()
        post(own, written(3, "Карусель"))

        assert await teller.tells(after=10 * _DAY) == []
    assert own.bot_store.saved.of_person(OWNER) == ()


async def test_message_that_is_refused_is_not_tried_again(
    own: World, caplog: pytest.LogCaptureFixture
) -> None:
    """What Telegram does not take is noted, and the next post is told."""
    _follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        person.server.prescribe("sendMessage", _refusal(400, "Bad Request: BUTTON_URL_INVALID"))
        await teller.tells()
        assert await teller.tells() == []
        post(own, written(3, "Карусель"))

        assert len(await teller.tells()) == 1
    assert "was refused" in caplog.text


async def test_lost_answer_is_no_second_alert(own: World) -> None:
    """Where it is not known whether an alert went out, it is not sent again; the next waits."""
    _follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"), written(3, "Карусель"))
        person.server.prescribe("sendMessage", TimedOut())
        assert len(await teller.tells()) == 1
        teller.seconds.now += 10
        person.server.prescribe("getMe", NetworkError("no way"))
        assert await teller.tells() == []
        (told,) = await teller.tells()

    assert "zametki/3" in told


async def test_alert_that_never_left_is_sent_again(own: World) -> None:
    """Where Telegram was not even reached, nothing is lost."""
    _follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        error = NetworkError("httpx.ConnectError")
        error.__cause__ = httpx.ConnectError("refused")
        person.server.prescribe("sendMessage", error)
        await teller.tells()
        teller.seconds.now += 10

        assert len(await teller.tells()) == 1


async def test_restart_tells_what_is_left_and_nothing_twice(own: World) -> None:
    """Found before a restart and told after it; taken before a kill and never told."""
    key = _follow(own)
    async with Person(own.build) as person:
        post(own, written(2, "Карусель 2"), written(3, "Карусель 3"))
        await Teller(own, person).tells(rounds=1)
        own.bot_store.alerts.take([key], post_id=3)
        post(own, written(4, "Карусель 4"))
        await person.application.bot_data[Watch].look(person.application)
    async with Person(own.build) as person:
        told = await Teller(own, person).tells()

    assert ["zametki/4" in text for text in told] == [True]


@pytest.mark.parametrize("access", [Access.OWNERS, Access.MEMBERS, Access.PUBLIC])
async def test_who_lost_access_is_told_nothing(own: World, access: Access) -> None:
    """Whoever was let in and no longer is gets no alert, until they are again."""
    own.config = replace(own.config, access=access, members_of="@zametki")
    people, now = own.bot_store.people, own.clock()
    people.ask(99, name="S", spoken="ru", target=0, now=now, rested_since=now)
    async with Person(own.build) as owner:
        _follow(own, user_id=99)
        await owner.sends_data_anywhere("1|qy||99")
        gate = Gate(owner.application.bot_data[Watch].services)
        teller = Teller(own, owner, may_be_told=gate.lets_in)
        await owner.sends_data_anywhere("1|qx||99")
        post(own, written(2, "Карусель"))
        assert await teller.tells() == []
        await owner.sends_data_anywhere("1|qm||99")

        assert len(await teller.tells()) == 1


async def test_digest_comes_on_monday(own: World) -> None:
    """Who wants it hears on Monday at nine how the week was, once."""
    own.bot_store.followers.choose_digest(OWNER, own.clock())
    async with Person(own.build) as person:
        liked = [
            written(
                number,
                f"Карусель {number} #пони",
                snippets=(Snippet(origin=SnippetOrigin.PRE, code="a", start=0, end=1),),
                posted_at=own.clock() + number * _HOUR,
                reactions=(Reaction(emoji="❤", count=number), Reaction(emoji="👍", count=1)),
            )
            for number in range(1, 3)
        ]
        post(own, *liked)
        teller = Teller(own, person)
        assert await teller.tells(after=4 * _DAY) == []  # Sunday noon
        person.server.prescribe("sendMessage", _refusal(429, "Too Many", retry_after=30))
        await teller.tells(after=21 * _HOUR)
        teller.seconds.now += 60
        (told,) = await teller.tells()
        assert await teller.tells() == []
        assert await teller.tells(after=6 * _DAY) == []
        (empty,) = await teller.tells(after=_DAY)

    assert "30 декабря 2024 — 6 января 2025" in told
    assert "2 поста · 2 с кодом" in told
    assert "Теги: #пони 2" in told
    assert "1. " in told
    assert told.index("Карусель 2") < told.index("Карусель 1")
    assert "3 реакции" in told
    assert "За эту неделю постов не было" in empty


async def test_digest_of_plain_posts_is_short(own: World) -> None:
    """Without tags, code and reactions there is only the number."""
    own.bot_store.followers.choose_digest(OWNER, own.clock())
    async with Person(own.build) as person:
        post(own, written(2, "Карусель", posted_at=own.clock()))
        (told,) = await Teller(own, person).tells(after=5 * _DAY)

    assert "\n\n1 пост\n\n<b>Последние посты</b>\n• " in told
    assert "реакц" not in told


async def test_digest_waits_for_its_turn(own: World) -> None:
    """A person who was told something this second hears the digest a second later, not by night."""
    own.bot_store.followers.choose_digest(OWNER, own.clock())
    own.bot_store.saved.choose_mode(_follow(own), Mode.WEEKLY)
    own.bot_store.followers.choose_quiet(OWNER, 9, 12)
    async with Person(own.build) as person:
        post(own, written(2, "Карусель"))
        teller = Teller(own, person)
        assert await teller.tells() == []
        assert await teller.tells(after=5 * _DAY - 2 * _HOUR) == []  # Monday ten
        first, second = await teller.tells(after=2 * _HOUR)

    assert ["1 новый пост" in first, "Дайджест недели" in second] == [True, True]


async def test_many_people_are_told_slowly(own: World) -> None:
    """Twenty messages a second in all, and one a second to a person."""
    people = range(100, 160)
    for user_id in people:
        _follow(own, user_id=user_id)
    async with Person(own.build) as person:
        post(own, written(2, "Карусель 2"), written(3, "Карусель 3"))
        teller = Teller(own, person)
        started = teller.seconds.now
        told = await teller.tells()

    assert len(told) == 2 * len(people)
    assert teller.seconds.now - started >= len(told) / 20


async def test_another_archive_begins_anew(own: World) -> None:
    """Where the archive was put back from a copy, what it holds is no news."""
    key = _follow(own)
    with_seq = own.store.last_seq() + 100
    own.bot_store.saved.begin_anew(key, archive_id=own.store.archive_id, seq=with_seq, known=())
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        assert await teller.tells() == []
        post(own, written(3, "Карусель"))

        assert len(await teller.tells()) == 1


async def test_post_that_is_gone_is_not_told(own: World) -> None:
    """A post that the archive no longer holds is passed over."""
    key = _follow(own)
    async with Person(own.build) as person:
        own.bot_store.alerts.note({key: [(999, 5)]}, upto=1, now=own.clock())

        assert await Teller(own, person).tells() == []
    assert own.bot_store.alerts.waiting() == ()


class _Deleting(Telling):
    """Decides on what is deleted before it can be taken."""

    def _next_step(self, *given: Any) -> Any:
        step = super()._next_step(*given)
        self._services.bot_store.saved.delete_of_person(OWNER)
        return step


async def test_search_deleted_in_the_last_moment_is_not_told(own: World) -> None:
    """Between the decision and the message a person may unsubscribe."""
    _follow(own)
    async with Person(own.build) as person:
        post(own, written(2, "Карусель"))
        teller = Teller(own, person)
        teller.telling = _Deleting(person.application.bot_data[Watch].services, everybody)

        assert await teller.tells() == []


async def test_only_what_the_index_knows_is_looked_at(own: World) -> None:
    """A post that has changed again meanwhile is looked at when the index has come so far."""
    _follow(own)
    async with Person(own.build) as person:
        services = person.application.bot_data[Watch].services
        post(own, written(2, "Карусель"))
        before = own.store.last_seq()
        own.clock.passes(_HOUR)
        post(own, written(2, "Карусель и лошадки"))

        assert not note_news(services, upto=before).is_found
        assert note_news(services, upto=own.store.last_seq()).is_found


async def test_what_was_not_looked_at_at_the_end_is_looked_at_later(own: World) -> None:
    """A program that is to end stops looking, and knows how far it came."""
    _follow(own)
    async with Person(own.build) as person:
        services = person.application.bot_data[Watch].services
        before = own.store.last_seq()
        post(own, written(2, "Карусель"))

        look = note_news(services, upto=own.store.last_seq(), goes_on=lambda: False)

        assert (look.upto, look.is_found) == (before, False)
        assert len(await Teller(own, person).tells()) == 1


class _Shut(Searcher):
    """A search that cannot be used for a while."""

    def __init__(self, inner: Searcher, error: Exception) -> None:
        self.__dict__.update(inner.__dict__)
        self.error: Exception | None = error

    def hits(self, *given: Any) -> Any:
        if self.error:
            raise self.error
        return super().hits(*given)


@pytest.mark.parametrize("error", [LetopisError("It is busy."), TimeoutError()])
async def test_what_cannot_be_looked_up_is_told_later(own: World, error: Exception) -> None:
    """While the index is out of order, what was found goes on waiting."""
    _follow(own)
    shut = _Shut(own.searcher, error)
    broken = replace(own, searcher=shut)
    async with Person(broken.build) as person:
        post(own, written(2, "Карусель"))
        teller = Teller(broken, person)
        assert await teller.tells(rounds=2) == []
        shut.error = None

        assert len(await teller.tells()) == 1


# The courier goes round by itself


async def test_alert_comes_by_itself(own: World) -> None:
    """A live post is told within moments, without anybody asking."""
    _follow(own)
    async with Person(own.build) as person:
        post(own, written(2, "Карусель"))
        person.application.bot_data[Watch].wake()
        async with asyncio.timeout(60):
            while not any(name == "sendMessage" for name, _ in person.server.calls):  # noqa: ASYNC110  # the server tells nobody
                await asyncio.sleep(0.05)
        person.sees_what_came()

        assert "Новый пост" in person.text


class _Failing(Telling):
    """A round that fails."""

    def __init__(self, world: World, person: Person, *errors: Exception) -> None:
        super().__init__(person.application.bot_data[Watch].services, everybody)
        self.errors = list(errors)

    async def go_round(self, bot: Any) -> bool:
        if self.errors:
            raise self.errors.pop(0)
        return await super().go_round(bot)


async def test_failure_does_not_end_the_rounds(
    own: World, caplog: pytest.LogCaptureFixture
) -> None:
    """What goes wrong in one round is noted, and the next one comes."""
    async with Person(own.build) as person:
        failing = _Failing(own, person, LetopisError("It is busy."), RuntimeError("a bug"))
        courier = Courier(failing)
        courier.start(person.application)
        async with asyncio.timeout(60):
            while failing.errors:
                courier.wake()
                await asyncio.sleep(0.02)
        await courier.stop()

    assert "told later: It is busy." in caplog.text
    assert "a bug" in caplog.text


class _Hanging(Telling):
    """A round that does not end."""

    async def go_round(self, bot: Any) -> bool:
        await asyncio.sleep(60)
        return False


async def test_end_does_not_wait_for_ever(own: World) -> None:
    """A message that never gets through does not keep the bot from ending."""
    async with Person(own.build) as person:
        courier = Courier(
            _Hanging(person.application.bot_data[Watch].services, everybody), patience=0.01
        )
        courier.start(person.application)
        courier.wake()
        await asyncio.sleep(0.05)
        await courier.stop()


async def test_nothing_is_begun_at_the_end(own: World) -> None:
    """A bot that is to end leaves what waits to its next start."""
    _follow(own)
    async with Person(own.build) as person:
        post(own, written(2, "Карусель"))
        teller = Teller(own, person)
        teller.telling.end()

        assert await teller.tells(rounds=2) == []
    assert own.bot_store.alerts.waiting() != ()
