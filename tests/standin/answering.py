"""Methods that answer a press of a button or an inline query: once, and in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.terminal import methods as console_methods
from bot.terminal.server import Call, JsonObject
from tests.standin.errors import ApiError
from tests.standin.keyboards import check_markup
from tests.standin.markup import TEXT_LIMIT, check_caption, read_formatted
from tests.standin.wire import read_flag, read_integer, read_json
from tests.standin.world import World

RESULT_LIMIT = 50
CACHE_LIMIT = 86_400
_ID_LIMIT = 64
_NOTICE_LIMIT = 200

_START_CHARACTERS = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineAnswer:
    """What a person sees over the input field."""

    results: tuple[JsonObject, ...]
    next_offset: str
    cache_time: int
    is_personal: bool
    button: JsonObject | None

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the headings of the results."""
        return tuple(str(result.get("title", "")) for result in self.results)


def answer_callback_query(world: World, call: Call) -> Any:
    """Stop the clock on a pressed button, with a notice or without."""
    if len(call.text("text")) > _NOTICE_LIMIT:
        raise ApiError("MESSAGE_TOO_LONG")
    return console_methods.METHODS[call.method](world, call)


def answer_inline_query(world: World, call: Call) -> Any:
    """Give the results of an inline query."""
    results = read_json(call, "results", "Can't parse JSON encoded inline query results")
    if not isinstance(results, list):
        raise ApiError("Expected an Array of inline query results")
    if len(results) > RESULT_LIMIT:
        raise ApiError("Too many inline query results specified")
    answer = InlineAnswer(
        results=tuple(_check_result(result) for result in results),
        next_offset=call.text("next_offset"),
        cache_time=read_integer(call, "cache_time", 300, 0, CACHE_LIMIT),
        is_personal=read_flag(call, "is_personal"),
        button=_button(call),
    )
    if len({result["id"] for result in answer.results}) < len(answer.results):
        raise ApiError("RESULT_ID_DUPLICATE")
    if len(answer.next_offset.encode()) > _ID_LIMIT:
        raise ApiError("NEXT_OFFSET_INVALID")
    query_id = call.text("inline_query_id")
    query = world.pop_query(query_id)
    world.inline_cache.keep(
        query,
        answer,
        user_id=query["from"]["id"] if answer.is_personal else None,
        until=world.clock.now() + answer.cache_time,
    )
    world.report("inline", query["from"]["id"], query_id=query_id, answer=answer)
    return True


def _check_result(given: object) -> JsonObject:
    try:
        return _read_result(given)
    except ApiError as error:
        reason = error.description.removeprefix("Bad Request: ")
        raise ApiError(f"Can't parse inline query result: {reason}") from None


def _read_result(given: object) -> JsonObject:
    if not isinstance(given, dict):
        raise ApiError("Inline query result must be an object")
    for name in ("type", "id"):
        if name not in given:
            raise ApiError(f'Can\'t find field "{name}"')
    if not 1 <= len(str(given["id"]).encode()) <= _ID_LIMIT:
        raise ApiError("RESULT_ID_INVALID")
    if given["type"] == "article":
        if "title" not in given:
            raise ApiError('Can\'t find field "title"')
        if not str(given["title"]).strip():
            raise ApiError("ARTICLE_TITLE_EMPTY")
    content = given.get("input_message_content")
    if content is None and given["type"] == "article":
        raise ApiError('Can\'t find field "message_text"')
    if content is not None and "message_text" in content:
        _check_text(content)
    check_caption(
        given.get("caption", ""), given.get("parse_mode", ""), given.get("caption_entities", ())
    )
    if "reply_markup" in given:
        check_markup(given["reply_markup"], inline_only=True)
    return given


def _check_text(content: JsonObject) -> None:
    if not content["message_text"]:
        raise ApiError("Message text is empty")
    text = read_formatted(
        content["message_text"], content.get("parse_mode", ""), content.get("entities", ())
    )
    if len(text.text) > TEXT_LIMIT:
        raise ApiError("MESSAGE_TOO_LONG")


def _button(call: Call) -> JsonObject | None:
    given = read_json(call, "button", "Can't parse inline query results button JSON object")
    if given is None:
        return None
    refusal = "Can't parse inline query results button: "
    if not isinstance(given, dict):
        raise ApiError(refusal + "InlineQueryResultsButton must be an Object")
    if not given.get("text"):
        raise ApiError(refusal + 'Can\'t find field "text"')
    if ("start_parameter" in given) == ("web_app" in given):
        raise ApiError(refusal + "InlineQueryResultsButton must have exactly one optional field")
    start = str(given.get("start_parameter", "x"))
    if not 1 <= len(start) <= _ID_LIMIT or not set(start) <= _START_CHARACTERS:
        raise ApiError("START_PARAM_INVALID")
    return given


METHODS = {
    "answercallbackquery": answer_callback_query,
    "answerinlinequery": answer_inline_query,
}
