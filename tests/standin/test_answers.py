"""Answers to presses and to inline queries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.standin.person import Person
from tests.standin.raw import Ask
from tests.standin.server import StandIn
from tests.standin.things import Message
from tests.standin.world import LIFETIME

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
RESULT = "can't parse inline query result: "
BUTTON = "can't parse inline query results button: "
FIELD = "can't find field"
KEYS = {"inline_keyboard": [[{"text": "да", "callback_data": "y"}]]}


@pytest.fixture
def sent(vera: Person, ask: Ask) -> Message:
    """Return a message of the bot, with a button."""
    ask("sendMessage", chat_id=501, text="раз", reply_markup=KEYS)
    return vera.waits_for()


def article(**fields: Any) -> dict[str, Any]:
    """Return an inline result."""
    content = {"message_text": "текст"}
    return {
        "type": "article", "id": "1", "title": "имя", "input_message_content": content, **fields
    }  # fmt: skip


def test_press_is_answered_once(vera: Person, ask: Ask, sent: Message) -> None:
    """The person sees the first answer; the second is refused."""
    query_id = vera.presses(sent, "да")

    first = ask("answerCallbackQuery", callback_query_id=query_id, text="ага", show_alert=True)
    second = ask("answerCallbackQuery", callback_query_id=query_id)

    assert first.result is True
    assert second.refusal == TOO_OLD
    seen = vera.waits_for_answer(query_id)
    assert (seen["text"], seen["alert"]) == ("ага", True)


def test_press_is_answered_in_time(standin: StandIn, vera: Person, ask: Ask, sent: Message) -> None:
    """A late answer is refused."""
    query_id = vera.presses(sent, "да")
    standin.clock.advance(LIFETIME + 1)

    assert ask("answerCallbackQuery", callback_query_id=query_id).refusal == TOO_OLD


def test_notice_has_a_limit(vera: Person, ask: Ask, sent: Message) -> None:
    """A notice has 200 characters."""
    query_id = vera.presses(sent, "да")

    answer = ask("answerCallbackQuery", callback_query_id=query_id, text="x" * 201)

    assert answer.refusal == "Bad Request: MESSAGE_TOO_LONG"


def test_button_of_a_deleted_message_still_works(vera: Person, ask: Ask, sent: Message) -> None:
    """Of a message that is gone, a press says where it stood."""
    ask("deleteMessage", chat_id=501, message_id=sent.message_id)

    vera.presses(sent, lambda button: button.data == "y")

    message = ask("getUpdates").result[0]["callback_query"]["message"]
    assert (message["message_id"], message["date"]) == (sent.message_id, 0)


def test_press_may_carry_anything(vera: Person, ask: Ask, sent: Message) -> None:
    """A changed application sends what it likes, or nothing."""
    vera.presses_data(sent, "x" * 500)
    vera.presses_data(sent, None)

    first, second = ask("getUpdates").result

    assert first["callback_query"]["data"] == "x" * 500
    assert "data" not in second["callback_query"]


def test_missing_button_is_named(vera: Person, sent: Message) -> None:
    """A test that presses what is not there is told what there is."""
    with pytest.raises(AssertionError, match="no button 'нет' among \\('да',\\)"):
        vera.presses(sent, "нет")


def test_missing_answer_is_reported_with_the_transcript(vera: Person, sent: Message) -> None:
    """A test that waits in vain is shown the chat."""
    with pytest.raises(AssertionError, match="Летопись: 'раз' \\[да\\]"):
        vera.waits_for(timeout=0.01)


def test_inline_results_are_seen(vera: Person, ask: Ask) -> None:
    """An inline answer shows, with its cache time clamped."""
    query_id = vera.inline_query("озон")

    ask("answerInlineQuery", inline_query_id=query_id, results=[article()], cache_time=10**6)

    seen = vera.waits_for_results(query_id)
    assert (seen.titles, seen.cache_time, seen.is_personal) == (("имя",), 86_400, False)


@pytest.mark.parametrize(
    ("args", "refusal"),
    [
        ({"results": {}}, "expected an Array of inline query results"),
        ({"results": [article()] * 51}, "too many inline query results specified"),
        ({"results": [article(), article()]}, "RESULT_ID_DUPLICATE"),
        ({"results": ["x"]}, RESULT + "inline query result must be an object"),
        ({"results": [{"type": "article"}]}, f'{RESULT}{FIELD} "id"'),
        ({"results": [article(id="x" * 65)]}, RESULT + "RESULT_ID_INVALID"),
        ({"results": [article(title=" ")]}, RESULT + "ARTICLE_TITLE_EMPTY"),
        ({"results": [{"type": "article", "id": "1"}]}, f'{RESULT}{FIELD} "title"'),
        (
            {"results": [{"type": "article", "id": "1", "title": "x"}]},
            f'{RESULT}{FIELD} "message_text"',
        ),
        (
            {"results": [article(input_message_content={"message_text": ""})]},
            RESULT + "message text is empty",
        ),
        (
            {"results": [article(input_message_content={"message_text": "x" * 4097})]},
            RESULT + "MESSAGE_TOO_LONG",
        ),
        (
            {"results": [article(reply_markup={"inline_keyboard": [["x"]]})]},
            RESULT + "can't parse inline keyboard button: InlineKeyboardButton must be an Object",
        ),
        ({"results": [], "next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
        ({"results": [], "inline_query_id": "7"}, TOO_OLD.removeprefix("Bad Request: ")),
        ({"results": [], "button": {"start_parameter": "x"}}, BUTTON + 'Can\'t find field "text"'),
        (
            {"results": [], "button": {"text": "x"}},
            BUTTON + "InlineQueryResultsButton must have exactly one optional field",
        ),
        ({"results": [], "button": []}, BUTTON + "InlineQueryResultsButton must be an Object"),
        ({"results": [], "button": {"text": "x", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
    ],
)
def test_inline_answer_is_refused(
    vera: Person, ask: Ask, args: dict[str, Any], refusal: str
) -> None:
    """Each fault of an inline answer has its own words."""
    query_id = vera.inline_query("озон")

    answer = ask("answerInlineQuery", **{"inline_query_id": query_id, **args})

    assert answer.refusal == f"Bad Request: {refusal}"


@pytest.mark.parametrize("personal", [True, False])
def test_inline_answer_is_given_again(
    standin: StandIn, vera: Person, ask: Ask, personal: bool
) -> None:
    """The server answers a repeated query by itself: for the same person, or for everyone."""
    oleg = Person(standin, 502)
    asked = vera.inline_query("озон")
    ask("answerInlineQuery", inline_query_id=asked, results=[article()], is_personal=personal)
    standin.world.updates.pending.clear()

    vera.waits_for_results(vera.inline_query("озон"))
    oleg.inline_query("озон")
    reached = len(standin.world.updates.pending)
    standin.clock.advance(301)
    vera.inline_query("озон")

    assert reached == (1 if personal else 0)
    assert len(standin.world.updates.pending) == reached + 1


def test_inline_message_is_edited(vera: Person, ask: Ask) -> None:
    """A chosen result with buttons can be edited, which returns no message."""
    query_id = vera.inline_query("озон")
    ask("answerInlineQuery", inline_query_id=query_id, results=[article(reply_markup=KEYS)])
    vera.picks(vera.waits_for_results(query_id), "1", query="озон")
    chosen = ask("getUpdates", offset=-1).result[0]["chosen_inline_result"]

    edited = ask("editMessageText", inline_message_id=chosen["inline_message_id"], text="новый")
    unknown = ask("editMessageText", inline_message_id="7", text="новый")

    assert edited.result is True
    assert unknown.refusal == "Bad Request: MESSAGE_ID_INVALID"
