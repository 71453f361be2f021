"""Who may write where."""

from __future__ import annotations

import pytest

from tests.standin.person import Person
from tests.standin.places import Channel, Group
from tests.standin.raw import Ask
from tests.standin.server import StandIn
from tests.standin.world import as_read


def test_bot_writes_to_those_it_knows(standin: StandIn, vera: Person, ask: Ask) -> None:
    """Each closed door has its own words."""
    Person(standin, 502)
    gone = Person(standin, 503)
    gone.deletes_account()
    blocked = Person(standin, 504)
    blocked.says("раз")
    blocked.blocks_bot()

    refusals = [ask("sendMessage", text="x", chat_id=chat).refusal for chat in (502, 503, 504)]

    assert refusals == [
        "Forbidden: bot can't initiate conversation with a user",
        "Forbidden: user is deactivated",
        "Forbidden: bot was blocked by the user",
    ]
    assert ask("sendMessage", text="x").refusal == "Bad Request: chat_id is empty"
    assert ask("sendMessage", text="x", chat_id=7).refusal == "Bad Request: chat not found"


def test_bot_is_told_that_it_is_blocked(vera: Person, ask: Ask) -> None:
    """Blocking and unblocking are updates."""
    vera.blocks_bot()
    vera.unblocks_bot()

    updates = ask("getUpdates").result

    standings = [update["my_chat_member"]["new_chat_member"]["status"] for update in updates]
    assert standings == ["kicked", "member"]


def test_channel_is_open_to_an_administrator(standin: StandIn, vera: Person, ask: Ask) -> None:
    """The bot writes to a channel, and hears of its posts, while it is an administrator."""
    channel = Channel(standin, username="pytail")
    unheard = channel.posts("до")

    outside = ask("sendMessage", chat_id="@PyTail", text="x")
    channel.takes_bot(by=vera)
    post = channel.posts("после #tag", author_signature="Вера")
    channel.edits(post, "потом")
    inside = ask("sendMessage", chat_id="@pytail", text="x")
    channel.removes_bot(by=vera)
    after = ask("sendMessage", chat_id="@pytail", text="x")

    assert outside.refusal == "Forbidden: bot is not a member of the channel chat"
    assert inside.result["sender_chat"]["username"] == "pytail"
    assert after.refusal == "Forbidden: bot was kicked from the channel chat"
    kinds = [next(k for k in update if k != "update_id") for update in ask("getUpdates").result]
    assert kinds == ["my_chat_member", "channel_post", "edited_channel_post", "my_chat_member"]
    assert unheard.message_id == post.message_id - 1


def test_channel_needs_an_administrator(standin: StandIn, ask: Ask) -> None:
    """A mere member cannot post."""
    channel = Channel(standin)
    channel.chat.bot = "member"

    answer = ask("sendMessage", chat_id=channel.chat.chat_id, text="x")

    assert answer.refusal == "Bad Request: need administrator rights in the channel chat"


def test_group_keeps_to_itself(standin: StandIn, vera: Person, ask: Ask) -> None:
    """In a group the bot hears commands, its name and replies to it, and nothing else."""
    group = Group(standin)
    chat_id = group.chat.chat_id
    said = ask("sendMessage", chat_id=chat_id, text="я здесь").result["message_id"]
    bots = as_read(standin.world.messages[chat_id, said])

    for text in ("между нами", "/find@other_bot x", "/find x", "@letopis_standin_bot x"):
        group.hears(vera, text)
    group.hears(vera, "ответ", reply_to=bots)

    heard = [update["message"]["text"] for update in ask("getUpdates").result]
    assert heard == ["/find x", "@letopis_standin_bot x", "ответ"]


def test_members_are_known(standin: StandIn, vera: Person, ask: Ask) -> None:
    """A person's standing is told to an administrator."""
    channel = Channel(standin)
    channel.chat.bot = "member"
    chat_id = channel.chat.chat_id
    denied = ask("getChatMember", chat_id=chat_id, user_id=501)
    channel.takes_bot(by=vera)
    before = ask("getChatMember", chat_id=chat_id, user_id=501).result["status"]
    channel.has(vera, "creator")

    after = ask("getChatMember", chat_id=chat_id, user_id=501).result["status"]
    own = ask("getChatMember", chat_id=chat_id, user_id=123456789).result["status"]
    admins = ask("getChatAdministrators", chat_id=chat_id).result

    assert denied.refusal == "Bad Request: CHAT_ADMIN_REQUIRED"
    assert (before, after, own) == ("left", "creator", "administrator")
    assert [member["user"]["id"] for member in admins] == [501]


@pytest.mark.parametrize(
    ("method", "args", "refusal"),
    [
        ("getChatMember", {"chat_id": 501}, "invalid user_id specified"),
        ("getChatMember", {"chat_id": 501, "user_id": 9}, "PARTICIPANT_ID_INVALID"),
        (
            "getChatAdministrators",
            {"chat_id": 501},
            "there are no administrators in the private chat",
        ),
        (
            "leaveChat",
            {"chat_id": 501},
            "chat member status can't be changed in private chats",
        ),
        (
            "setMessageReaction",
            {"chat_id": 501, "message_id": 99},
            "message to react not found",
        ),
    ],
)
def test_question_about_a_chat_is_refused(
    vera: Person, ask: Ask, method: str, args: dict[str, object], refusal: str
) -> None:
    """What makes no sense is refused."""
    assert ask(method, **args).refusal == f"Bad Request: {refusal}"


def test_bot_leaves(standin: StandIn, vera: Person, ask: Ask) -> None:
    """A bot that leaves is told so, and is outside."""
    channel = Channel(standin)
    channel.takes_bot(by=vera)

    ask("leaveChat", chat_id=channel.chat.chat_id)

    assert channel.chat.bot == "left"
    assert (
        ask("getUpdates", offset=-1).result[0]["my_chat_member"]["new_chat_member"]["status"]
        == "left"
    )


def test_chat_is_described(vera: Person, ask: Ask) -> None:
    """A chat has its kind and its name."""
    chat = ask("getChat", chat_id=501).result

    assert (chat["type"], chat["first_name"]) == ("private", "Вера")


def test_reaction_is_seen(vera: Person, ask: Ask) -> None:
    """A reaction shows under the message."""
    ask(
        "setMessageReaction", chat_id=501, message_id=1, reaction=[{"type": "emoji", "emoji": "👍"}]
    )

    seen = vera.watch.waits_for_event(lambda event: event.kind == "reaction")
    assert seen.payload["reaction"] == [{"type": "emoji", "emoji": "👍"}]


def test_correction_is_told(vera: Person, ask: Ask) -> None:
    """A person's edit is an update of its own."""
    said = vera.says("раз")

    vera.corrects(said, "два")

    edited = ask("getUpdates", offset=-1).result[0]["edited_message"]
    assert (edited["message_id"], edited["text"]) == (said.message_id, "два")
