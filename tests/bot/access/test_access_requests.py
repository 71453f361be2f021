"""Access: strangers ask, owners decide, and what was decided holds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.config import Access
from db.bot_people import AccessStatus
from tests.bot.conftest import World
from tests.bot.person import Person
from tests.bot.sentences import ENGLISH, RUSSIAN, count, opening, posts

STRANGER = 99
ASK = RUSSIAN.access.button_ask
_CHANNEL = -1001500000001
_BLOCKED = (403, b'{"ok":false,"description":"Forbidden: bot was blocked by the user"}')
_DAY = timedelta(days=1)


def stranger(world: World, user_id: int = STRANGER, **more: Any) -> Person:
    """Return somebody whom the bot does not know."""
    return Person(world.build, user_id=user_id, **more)


async def asks(world: World, user_id: int = STRANGER) -> None:
    """Let a stranger ask for access."""
    async with stranger(world, user_id) as person:
        await person.says("очередь")
        await person.presses(ASK)


def standing(world: World, user_id: int = STRANGER) -> AccessStatus | None:
    """Return what was decided about a person."""
    found = world.bot_store.people.find(user_id)
    return found.status if found else None


def _labels(call: dict[str, str]) -> list[str]:
    rows = json.loads(call["reply_markup"])["inline_keyboard"]
    return [button["text"] for row in rows for button in row]


async def test_request_reaches_every_owner(world: World) -> None:
    """A press asks all owners, with buttons to decide; the person is told that they were asked."""
    world.config = replace(world.config, owners=frozenset({1, 2}))
    async with stranger(world) as person:
        await person.says("очередь")
        assert person.labels == [ASK]
        await person.presses(ASK)

    assert person.text.startswith(RUSSIAN.access.sent)
    assert person.labels == []
    assert [call["chat_id"] for call in person.server.elsewhere] == ["1", "2"]
    for call in person.server.elsewhere:
        assert RUSSIAN.access.asks.format(name="<b>Owner</b>") in call["text"]
        assert _labels(call) == [
            RUSSIAN.access.button_approve,
            RUSSIAN.access.button_deny,
            RUSSIAN.access.button_people,
        ]
    assert standing(world) is AccessStatus.ASKED


async def test_repeated_request_is_not_sent_again(world: World) -> None:
    """A person who asks again is told that the request is waiting; owners are not notified."""
    await asks(world)
    async with stranger(world) as person:
        await person.says("/start access")
        assert person.text.startswith(RUSSIAN.access.waits)
        await person.says("ещё")
        await person.presses(ASK)

    assert person.toasts[0].startswith(RUSSIAN.access.waits)
    assert person.server.elsewhere == []


async def test_link_asks_for_access(world: World) -> None:
    """The link behind the button of inline mode is a request."""
    async with stranger(world, language_code="en") as person:
        await person.says("/start access")

    assert person.text.startswith(ENGLISH.access.sent)
    assert len(person.server.elsewhere) == 1


async def test_unreachable_owner_is_skipped(world: World) -> None:
    """An owner who never wrote to the bot is skipped; the request appears under /people."""
    async with stranger(world) as other:
        await other.says("очередь")
        other.server.prescribe("sendMessage", _BLOCKED)
        await other.presses(ASK)
        assert other.text.startswith(RUSSIAN.access.sent)

    async with Person(world.build) as owner:
        await owner.says("/people")
    assert owner.labels == ["🚪 Owner"]
    assert (
        owner.text == f"👥 {RUSSIAN.access.title}\n"
        f"{count(1, RUSSIAN.access.owners)} · {count(1, RUSSIAN.access.waiting)}"
    )


async def test_owner_approves_a_request(world: World) -> None:
    """An approved person is told and can search; the owner sees when it was decided."""
    await asks(world)
    async with Person(world.build) as owner, stranger(world) as person:
        await owner.says("/people")
        await owner.presses("🚪 Owner")
        assert (
            owner.text == f"{RUSSIAN.access.asks.format(name='Owner')}\n"
            f"id 99 · {RUSSIAN.access.asked_on.format(day='1 января 2025')}"
        )
        await owner.presses(RUSSIAN.access.button_approve)
        assert owner.text.startswith(RUSSIAN.access.has.format(name="Owner"))
        assert RUSSIAN.access.decided_on.format(day="1 января 2025", owner=1) in owner.text
        await person.says("телескоп")

    (told,) = owner.server.elsewhere
    assert told["chat_id"] == "99"
    assert told["text"].startswith(RUSSIAN.access.welcome)
    assert "reply_markup" not in told
    assert posts(1) in person.text


async def test_link_to_a_post_is_kept_until_access_is_given(world: World) -> None:
    """Who came by a link to a post is led there once they are let in."""
    async with Person(world.build) as owner, stranger(world) as person:
        await person.says("/start p_1")
        await person.presses(ASK)
        await owner.sends_data_anywhere("1|qy||99")
        (told,) = owner.server.elsewhere
        assert _labels(told) == [RUSSIAN.access.button_open]
        (button,) = json.loads(told["reply_markup"])["inline_keyboard"][0]
        await person.says("спасибо")
        await person.sends_data(button["callback_data"])
        assert "Группировка в pandas" in person.text
        await person.says("/start p_1")
        assert "Группировка в pandas" in person.text
        await person.says("/start p_777")
        assert person.text == RUSSIAN.gone


async def test_denied_person_may_ask_again_in_a_week(world: World) -> None:
    """A denial is told, and stands for a week."""
    await asks(world)
    async with Person(world.build) as owner, stranger(world) as person:
        await owner.sends_data_anywhere("1|qn||99")
        assert owner.text.startswith(RUSSIAN.access.was_denied.format(name="Owner"))
        assert owner.labels == [RUSSIAN.access.button_readmit, RUSSIAN.access.button_people]
        assert owner.server.elsewhere[0]["text"].startswith(RUSSIAN.access.denied)
        world.clock.passes(timedelta(days=6))
        await person.says("ну")
        await person.presses(ASK)
        assert person.toasts == [RUSSIAN.access.too_soon.format(day="8 января 2025")]
        world.clock.passes(_DAY)
        await person.says("ну")
        await person.presses(ASK)

    assert person.text.startswith(RUSSIAN.access.sent)


async def test_first_of_two_owners_decides(world: World) -> None:
    """A decision that was made is shown to whoever decides later, and stays."""
    await asks(world)
    async with Person(world.build) as owner:
        await owner.sends_data_anywhere("1|qy||99")
        await owner.sends_data("1|qn||99")

    assert owner.toasts == [RUSSIAN.access.already]
    assert standing(world) is AccessStatus.APPROVED


async def test_revoking_access_needs_confirmation(world: World) -> None:
    """The first press asks, the second revokes access; it can be given again."""
    await asks(world)
    async with Person(world.build) as owner, stranger(world) as person:
        await owner.sends_data_anywhere("1|qy||99")
        await person.says("телескоп")
        await owner.says("/people")
        assert (
            owner.text == f"👥 {RUSSIAN.access.title}\n"
            f"{count(1, RUSSIAN.access.owners)} · {count(1, RUSSIAN.access.let_in)}"
        )
        await owner.presses("✅ Owner")
        await owner.presses(RUSSIAN.access.button_revoke)
        assert owner.text == RUSSIAN.access.really.format(name="Owner")
        await owner.presses(RUSSIAN.access.button_cancel)
        await owner.presses(RUSSIAN.access.button_revoke)
        assert standing(world) is AccessStatus.APPROVED
        await owner.presses(RUSSIAN.access.button_revoke_really)
        assert owner.text.startswith(RUSSIAN.access.was_revoked.format(name="Owner"))
        assert owner.server.elsewhere[-1]["text"].startswith(RUSSIAN.access.lost)
        await person.says("телескоп")
        assert person.text.startswith(opening(RUSSIAN.access.refusal))
        await owner.presses(RUSSIAN.access.button_readmit)
        await person.says("телескоп")

    assert posts(1) in person.text


async def test_approval_holds_if_the_person_blocked_the_bot(world: World) -> None:
    """A notification that cannot be delivered does not undo the decision."""
    await asks(world)
    async with Person(world.build) as owner:
        await owner.says("/people")
        owner.server.prescribe("sendMessage", _BLOCKED)
        await owner.sends_data("1|qy||99")

    assert standing(world) is AccessStatus.APPROVED


async def test_old_refusal_button_reports_access(world: World) -> None:
    """The button under an old refusal tells an approved person that they have access."""
    async with Person(world.build) as owner, stranger(world) as person:
        await person.says("раз")
        await asks(world)
        await owner.sends_data_anywhere("1|qy||99")
        await person.presses(ASK)

    assert person.text.startswith(RUSSIAN.access.welcome)


@pytest.mark.parametrize("action", ["qy", "qn", "qm", "qr", "qx", "qp", "ql"])
async def test_only_owners_decide(world: World, action: str) -> None:
    """The buttons of owners do nothing in other hands, be they let in."""
    await asks(world)
    async with Person(world.build) as owner, stranger(world) as person:
        await owner.sends_data_anywhere("1|qy||99")
        await asks(world, 98)
        await person.says("телескоп")
        await person.sends_data(f"1|{action}||98")
        assert person.toasts == [RUSSIAN.access.owners_only]
        await person.says("/people")

    assert person.text.startswith(RUSSIAN.unknown_command)
    assert standing(world, 98) is AccessStatus.ASKED


@pytest.mark.parametrize("action", ["qy", "qr", "qp"])
async def test_unknown_person_cannot_be_decided_on(world: World, action: str) -> None:
    """Button data with an invented user id has no effect."""
    world.bot_store.people.choose_language(98, "en")
    async with Person(world.build) as owner:
        for user_id in (97, 98):
            await owner.sends_data_anywhere(f"1|{action}||{user_id}")
            assert owner.toasts == [RUSSIAN.access.is_unknown]


async def test_many_people_come_in_pages(world: World) -> None:
    """The list is turned over, and leads back from a person."""
    now = world.clock()
    for user_id in range(100, 120):
        world.bot_store.people.ask(
            user_id, name=f"N{user_id}", spoken=None, target=0, now=now, rested_since=now
        )
    async with Person(world.build) as owner:
        await owner.says("/people")
        assert owner.labels == [*(f"🚪 N{number}" for number in range(100, 108)), "1/3", "›"]
        await owner.presses("›")
        assert owner.labels[0] == "🚪 N108"
        await owner.presses("🚪 N108")
        await owner.presses(RUSSIAN.access.button_people)

    assert owner.labels[0] == "🚪 N100"


async def test_empty_list_of_people_says_so(world: World) -> None:
    """An archive that nobody else uses says so."""
    async with Person(world.build, language_code="en") as owner:
        await owner.says("/people")

    assert owner.text == "👥 Who has access\n1 owner\nOnly the owners."


async def test_people_are_not_named_in_groups(world: World) -> None:
    """Asked in a group, the list is not shown."""
    async with Person(world.build) as owner:
        chat = {"id": -5, "type": "group", "title": "g"}
        await owner.says("/people", chat=chat)

    assert owner.events == []


@pytest.mark.parametrize(
    ("first_name", "shown"),
    [
        ("<b>Вера</b>", "&lt;b&gt;Вера&lt;/b&gt;"),
        ("\u202eареВ", "ареВ"),
        ("Д" * 300, "Д" * 59 + "…"),
        ("\u202e", "99"),
        ("{name}", "{name}"),
    ],
    ids=["markup", "backwards", "long", "empty", "braces"],
)
async def test_name_of_a_stranger_is_shown_as_text(
    world: World, first_name: str, shown: str
) -> None:
    """A name is the stranger's own text: no markup, no tricks, no end of it."""
    async with stranger(world) as person:
        sender = {"id": STRANGER, "is_bot": False, "first_name": first_name}
        await person.says("/start access", **{"from": sender})

    assert f"<b>{shown}</b>" in person.server.elsewhere[0]["text"]


async def test_username_is_shown(world: World) -> None:
    """Owners see by which name a person can be found."""
    async with stranger(world) as person:
        sender = {"id": STRANGER, "is_bot": False, "first_name": "Вера", "username": "vera"}
        await person.says("/start access", **{"from": sender})

    assert "<b>Вера (@vera)</b>" in person.server.elsewhere[0]["text"]


async def test_request_without_a_message_is_taken(world: World) -> None:
    """A press whose message Telegram no longer shows asks all the same."""
    async with stranger(world) as person:
        await person.says("раз")
        pressed = person.server.press_update(person.seen.message_id, person.buttons[0].data)
        del pressed["callback_query"]["message"]
        pressed["callback_query"]["inline_message_id"] = "abc"
        await person.receives(pressed)

    assert person.toasts[0].startswith(RUSSIAN.access.sent)
    assert standing(world) is AccessStatus.ASKED


async def test_owner_is_asked_in_their_own_language(world: World) -> None:
    """What an owner is told unasked is in the owner's language, whoever it is about."""
    async with Person(world.build, language_code="en") as owner:
        await owner.says("/help")
        await owner.says("/help")
    async with stranger(world) as person:
        await person.says("/start access")

    assert ENGLISH.access.asks.partition("}")[2] in person.server.elsewhere[0]["text"]


async def test_access_survives_a_restart(world: World) -> None:
    """What was decided holds for a bot that starts anew."""
    await asks(world)
    async with Person(world.build) as owner:
        await owner.sends_data_anywhere("1|qy||99")
    async with stranger(world) as person:
        await person.says("телескоп")

    assert posts(1) in person.text


def member(status: str, **more: Any) -> tuple[int, bytes]:
    """Return how the server describes a member."""
    user = {"id": STRANGER, "is_bot": False, "first_name": "S"}
    return 200, json.dumps(
        {"ok": True, "result": {"user": user, "status": status, **more}}
    ).encode()


_RIGHTS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos",
    "can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls",
    "can_send_other_messages", "can_add_web_page_previews", "can_change_info", "can_invite_users",
    "can_pin_messages", "can_manage_topics", "can_edit_tag", "can_react_to_messages",
)  # fmt: skip
_RESTRICTED = {"until_date": 0, **dict.fromkeys(_RIGHTS, False)}


@pytest.mark.parametrize(
    ("answer", "enters"),
    [
        (member("member"), True),
        (member("creator", is_anonymous=False), True),
        (member("left"), False),
        (member("kicked", until_date=0), False),
        (member("restricted", is_member=True, **_RESTRICTED), True),
        (member("restricted", is_member=False, **_RESTRICTED), False),
        ((400, b'{"ok":false,"description":"Bad Request: CHAT_ADMIN_REQUIRED"}'), False),
    ],
    ids=["member", "creator", "left", "kicked", "restricted", "restricted outside", "refused"],
)
async def test_members_of_the_channel_may_search(
    world: World, answer: tuple[int, bytes], enters: bool
) -> None:
    """Where members are let in, Telegram says who is one; without its word nobody is."""
    world.config = replace(world.config, access=Access.MEMBERS, members_of=_CHANNEL)
    async with stranger(world) as person:
        person.server.prescribe("getChatMember", answer)
        await person.says("телескоп")

    assert (posts(1) in person.text) is enters
    (asked,) = (call for name, call in person.server.calls if name == "getChatMember")
    assert asked == {"chat_id": str(_CHANNEL), "user_id": "99"}


async def test_membership_is_remembered_for_minutes(world: World) -> None:
    """Telegram is asked about a member every ten minutes, about others every minute."""
    world.config = replace(world.config, access=Access.MEMBERS, members_of="@zametki")
    async with stranger(world) as person:
        person.server.prescribe("getChatMember", member("left"), member("member"), member("left"))
        for minutes, asked in ((0, 1), (0.5, 1), (1, 2), (9, 2), (1, 3)):
            world.clock.passes(timedelta(minutes=minutes))
            await person.says("телескоп")
            names = [name for name, _ in person.server.calls]
            assert names.count("getChatMember") == asked

    assert person.text.startswith(opening(RUSSIAN.access.refusal))


async def test_member_whose_access_was_taken_back_stays_out(world: World) -> None:
    """An owner's word counts more than membership."""
    await asks(world)
    async with Person(world.build) as owner:
        for action in ("qy", "qx"):
            await owner.sends_data_anywhere(f"1|{action}||99")
    world.config = replace(world.config, access=Access.MEMBERS, members_of=_CHANNEL)
    async with stranger(world) as person:
        await person.says("телескоп")

    assert person.text.startswith(opening(RUSSIAN.access.refusal))
    assert "getChatMember" not in [name for name, _ in person.server.calls]


@pytest.mark.parametrize(
    ("access", "remark"),
    [(Access.MEMBERS, "Участники канала"), (Access.PUBLIC, "Архив открытый")],
)
async def test_people_says_who_else_may_search(world: World, access: Access, remark: str) -> None:
    """The list names the rule by which others enter."""
    world.config = replace(world.config, access=access, members_of=_CHANNEL)
    async with Person(world.build) as owner:
        await owner.says("/people")

    assert remark in owner.text


async def test_public_archive_answers_anybody(world: World) -> None:
    """Declared public, the archive is searched by strangers; deciding stays with owners."""
    world.config = replace(world.config, access=Access.PUBLIC)
    async with stranger(world) as person:
        await person.says("телескоп")
        assert posts(1) in person.text
        await person.says("/start")
        assert person.text.startswith(f"🗂 {opening(RUSSIAN.welcome_title)}")
        await person.says("/people")

    assert person.text.startswith(RUSSIAN.unknown_command)
