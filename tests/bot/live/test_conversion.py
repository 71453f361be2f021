"""A live message is read by the rules of the imports."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.live.conversion import channel_of, effective_at, post_of
from bot.transport.chat_ids import chat_id_of
from ingest.telegram_json.service import UNSUPPORTED
from model.posts import (
    Channel,
    Forward,
    Link,
    LinkKind,
    Media,
    MediaKind,
    Poll,
    PollAnswer,
    PostKind,
)
from model.rich_text import Span, SpanKind
from tests.bot.live.live_messages import CHANNEL_ID, CHAT, CHAT_ID, SENT, message

_FILE = {"file_id": "1", "file_unique_id": "1", "file_size": 2048}
_FRAME = {**_FILE, "width": 640, "height": 480, "duration": 9}
_OTHER_CHAT = {"id": -1009, "type": "channel", "title": "Сосед", "username": "sosed"}
_THEN = int(SENT.timestamp()) - 60


def _entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


def test_a_channel_is_known_by_its_bare_id() -> None:
    """The Bot API's id loses its -100 and gets it back."""
    channel = channel_of(message().chat)

    assert channel == Channel(title="Дневник", username="dnevnik", telegram_id=CHANNEL_ID)
    assert chat_id_of(CHANNEL_ID) == CHAT_ID


def test_a_plain_post() -> None:
    """Number, time, text and signature come over; what Telegram does not say stays unknown."""
    post = post_of(message(7, "Слово #тег", author_signature=" Вера ", media_group_id="77"))

    assert (post.message_id, post.posted_at, post.text) == (7, SENT, "Слово #тег")
    assert (post.author, post.album_id, post.edited_at) == ("Вера", "77", None)
    assert (post.reactions, post.views, post.via_bot) == (None, None, None)
    assert post.hashtags == ("тег",)


def test_an_edit_tells_of_its_own_time() -> None:
    """An edit is as recent as the moment it was made, and the post knows of it."""
    edited = message(7, "Слово", edit_date=90)

    assert effective_at(edited) == SENT + timedelta(seconds=90) == post_of(edited).edited_at
    assert effective_at(message()) == SENT


@pytest.mark.parametrize(
    ("kind", "more", "expected", "value"),
    [
        ("bold", {}, SpanKind.BOLD, ""),
        ("italic", {}, SpanKind.ITALIC, ""),
        ("underline", {}, SpanKind.UNDERLINE, ""),
        ("strikethrough", {}, SpanKind.STRIKE, ""),
        ("spoiler", {}, SpanKind.SPOILER, ""),
        ("code", {}, SpanKind.CODE, ""),
        ("pre", {"language": "python"}, SpanKind.PRE, "python"),
        ("pre", {}, SpanKind.PRE, ""),
        ("blockquote", {}, SpanKind.QUOTE, ""),
        ("expandable_blockquote", {}, SpanKind.QUOTE, "collapsed"),
        ("hashtag", {}, SpanKind.HASHTAG, ""),
        ("cashtag", {}, SpanKind.CASHTAG, ""),
        ("bot_command", {}, SpanKind.COMMAND, ""),
        ("mention", {}, SpanKind.MENTION, ""),
        ("text_mention", {}, SpanKind.MENTION_NAME, ""),
        ("email", {}, SpanKind.EMAIL, ""),
        ("phone_number", {}, SpanKind.PHONE, ""),
        ("custom_emoji", {"custom_emoji_id": "5"}, SpanKind.CUSTOM_EMOJI, ""),
        ("url", {}, SpanKind.URL, "https://слово"),
        ("text_link", {"url": "https://a.ru/"}, SpanKind.TEXT_LINK, "https://a.ru/"),
    ],
)
def test_entities_become_spans(
    kind: str, more: dict[str, Any], expected: SpanKind, value: str
) -> None:
    """UTF-16 offsets become code points, whatever stands in front."""
    # The emoji takes two units and one code point.
    post = post_of(message(7, "😀 слово!", entities=[_entity(kind, 3, 5, **more)]))

    assert post.content.spans == (Span(kind=expected, start=2, end=7, value=value),)


@pytest.mark.parametrize(
    "entity",
    [
        _entity("bold", 40, 2),
        _entity("bold", 1, 0),
        _entity("text_link", 0, 5),
        _entity("date_time_of_the_future", 0, 5),
    ],
    ids=["beyond", "empty", "no address", "unknown"],
)
def test_entities_that_say_nothing_are_left_out(entity: dict[str, Any]) -> None:
    """The text stays as it is."""
    post = post_of(message(7, "слово", entities=[entity]))

    assert (post.text, post.content.spans) == ("слово", ())


def test_an_entity_ends_with_the_text() -> None:
    """An entity that is longer than the text marks what there is."""
    post = post_of(message(7, "слово", entities=[_entity("bold", 2, 90)]))

    assert post.content.spans == (Span(kind=SpanKind.BOLD, start=2, end=5),)


def test_odd_characters_read_as_in_an_export() -> None:
    """Line separators are line breaks, and NUL is what an archive can hold."""
    assert post_of(message(7, "a\u2028b\u2029c\0d")).text == "a\nb\nc\ufffdd"


def test_code_and_links_are_read_off_the_text() -> None:
    """Snippets and links come about as in an import; buttons join the links."""
    row = [
        {"text": " Сайт ", "url": "https://b.ru/"},
        {"text": "Вход", "login_url": {"url": "https://c.ru/"}},
        {"text": "Ответ", "callback_data": "1"},
    ]
    post = post_of(
        message(
            7,
            "import os",
            entities=[_entity("pre", 0, 9, language="python")],
            reply_markup={"inline_keyboard": [row]},
        )
    )

    assert [(snippet.code, snippet.language) for snippet in post.snippets] == [
        ("import os", "python")
    ]
    assert post.links == (
        Link(url="https://b.ru/", host="b.ru", text="Сайт", kind=LinkKind.WEB),
        Link(url="https://c.ru/", host="c.ru", text="Вход", kind=LinkKind.WEB),
    )


def test_a_post_by_way_of_a_bot() -> None:
    """The bot that wrote the post is named."""
    via = {"id": 5, "is_bot": True, "first_name": "Gif", "username": "gif"}

    assert post_of(message(7, "x", via_bot=via)).via_bot == "gif"


def test_replies_within_the_channel() -> None:
    """A reply names its post; a reply to another chat's names none of ours."""
    own = {"message_id": 3, "date": _THEN, "chat": CHAT, "text": "a"}
    foreign = {**own, "chat": _OTHER_CHAT}

    assert post_of(message(7, "x", reply_to_message=own)).reply_to == 3
    assert post_of(message(7, "x", reply_to_message=foreign)).reply_to is None


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (
            {"type": "channel", "chat": _OTHER_CHAT, "message_id": 4},
            Forward(name="Сосед", username="sosed", message_id=4),
        ),
        ({"type": "chat", "sender_chat": _OTHER_CHAT}, Forward(name="Сосед")),
        (
            {"type": "user", "sender_user": {"id": 3, "is_bot": False, "first_name": "Анна"}},
            Forward(name="Анна"),
        ),
        ({"type": "hidden_user", "sender_user_name": "Кто-то"}, Forward(name="Кто-то")),
        ({"type": "of the future"}, Forward(name="")),
    ],
    ids=["channel", "chat", "user", "hidden", "unknown"],
)
def test_reposts(origin: dict[str, Any], expected: Forward) -> None:
    """A repost names its source and its time."""
    forward = post_of(message(7, "x", forward_origin={**origin, "date": _THEN})).forward

    assert forward is not None
    assert forward.posted_at == SENT - timedelta(seconds=60)
    assert (forward.name, forward.username, forward.message_id) == (
        expected.name,
        expected.username,
        expected.message_id,
    )


_GIFT = {
    "chats": [_OTHER_CHAT],
    "winner_count": 3,
    "prize_description": "Книга",
    "winners_selection_date": _THEN,
}
_STICKER = {"type": "regular", "is_animated": False, "is_video": False, "emoji": "🙂"}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            {"photo": [{**_FILE, "width": 9, "height": 9}, {**_FILE, "width": 640, "height": 480}]},
            Media(kind=MediaKind.PHOTO, size=2048, width=640, height=480),
        ),
        (
            {"animation": {**_FRAME, "file_name": "a.mp4"}, "document": _FILE},
            Media(
                kind=MediaKind.ANIMATION,
                title="a.mp4",
                size=2048,
                duration=9,
                width=640,
                height=480,
            ),
        ),
        (
            {"video": _FRAME},
            Media(kind=MediaKind.VIDEO, size=2048, duration=9, width=640, height=480),
        ),
        (
            {"video_note": {**_FILE, "length": 240, "duration": 5}},
            Media(kind=MediaKind.VIDEO_MESSAGE, size=2048, duration=5),
        ),
        (
            {"voice": {**_FILE, "duration": 5}},
            Media(kind=MediaKind.VOICE, size=2048, duration=5),
        ),
        (
            {"audio": {**_FILE, "duration": 5, "performer": "Хор", "title": "Песня"}},
            Media(kind=MediaKind.AUDIO, title="Хор – Песня", size=2048, duration=5),
        ),
        (
            {"sticker": {**_FILE, **_STICKER, "width": 512, "height": 512}},
            Media(kind=MediaKind.STICKER, title="🙂", size=2048, width=512, height=512),
        ),
        (
            {"document": {**_FILE, "file_name": "a.pdf"}},
            Media(kind=MediaKind.FILE, title="a.pdf", size=2048),
        ),
        (
            {"contact": {"first_name": "Анна", "last_name": "К", "phone_number": "+7 1"}},
            Media(kind=MediaKind.CONTACT, title="Анна К, +7 1"),
        ),
        (
            {
                "venue": {
                    "location": {"latitude": 1.5, "longitude": 2.5},
                    "title": "Музей",
                    "address": "Улица, 1",
                },
                "location": {"latitude": 1.5, "longitude": 2.5},
            },
            Media(kind=MediaKind.VENUE, title="Музей, Улица, 1"),
        ),
        (
            {"location": {"latitude": 1.5, "longitude": 2.5}},
            Media(kind=MediaKind.LOCATION, title="1.5, 2.5"),
        ),
        (
            {"game": {"title": "Шашки", "description": "На двоих", "photo": []}},
            Media(kind=MediaKind.GAME, title="Шашки, На двоих"),
        ),
        (
            {
                "invoice": {
                    "title": "Книга",
                    "description": "Бумажная",
                    "start_parameter": "",
                    "currency": "RUB",
                    "total_amount": 50000,
                }
            },
            Media(kind=MediaKind.INVOICE, title="Книга, Бумажная, 500.00 RUB"),
        ),
        ({"giveaway": _GIFT}, Media(kind=MediaKind.GIVEAWAY, title="Giveaway, 3 prizes, Книга")),
        (
            {"paid_media": {"star_count": 5, "paid_media": []}},
            Media(kind=MediaKind.INVOICE, title="5 Telegram Stars"),
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_attachments(content: dict[str, Any], expected: Media) -> None:
    """What is attached is named as an import names it, the caption is the text."""
    post = post_of(
        message(7, caption="Подпись", caption_entities=[_entity("bold", 0, 7)], **content)
    )

    assert post.media == (expected,)
    assert post.text == "Подпись"
    assert [span.kind for span in post.content.spans] == [SpanKind.BOLD]


def test_a_poll() -> None:
    """A poll comes with its answers and votes."""
    options = [
        {"text": "Да", "voter_count": 2, "persistent_id": "1"},
        {"text": "Нет", "voter_count": 0, "persistent_id": "2"},
    ]
    poll = {
        "id": "1",
        "question": "Ждать?",
        "options": options,
        "total_voter_count": 2,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    }

    assert post_of(message(7, poll=poll)).poll == Poll(
        question="Ждать?",
        answers=(PollAnswer(text="Да", voters=2), PollAnswer(text="Нет", voters=0)),
        details="Anonymous poll",
        total_voters=2,
    )


def test_a_checklist() -> None:
    """A checklist is kept as a to-do list."""
    checklist = {"title": "Дела", "tasks": [{"id": 1, "text": "Спать"}]}

    assert post_of(message(7, checklist=checklist)).poll == Poll(
        question="Дела", answers=(PollAnswer(text="Спать"),), details="To-do List"
    )


# The library warns of its own use of this attribute.
@pytest.mark.filterwarnings("ignore:.*message_auto_delete_time:DeprecationWarning")
@pytest.mark.parametrize(
    ("content", "line"),
    [
        ({"channel_chat_created": True}, "Channel «Дневник» created"),
        ({"new_chat_title": "Журнал"}, "Channel title changed to «Журнал»"),
        ({"new_chat_photo": [{**_FILE, "width": 9, "height": 9}]}, "Channel photo changed"),
        ({"delete_chat_photo": True}, "Channel photo removed"),
        (
            {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
            "New messages will auto-delete in 24 hours",
        ),
        ({"video_chat_started": {}}, "Voice chat"),
        ({"video_chat_ended": {"duration": 60}}, "Voice chat (60 seconds)"),
        (
            {"pinned_message": {"message_id": 3, "date": _THEN, "chat": CHAT, "text": "a"}},
            "Дневник pinned this message",
        ),
        (
            {"something_of_the_future": {}},
            UNSUPPORTED,
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_lines_that_telegram_wrote(content: dict[str, Any], line: str) -> None:
    """A service message reads as in an export."""
    post = post_of(message(7, **content))

    assert (post.kind, post.text) == (PostKind.SERVICE, line)
    assert post.reply_to == (3 if "pinned_message" in content else None)


def test_a_rich_post_is_read_from_the_raw_update() -> None:
    """Blocks that the library does not know become text, code included."""
    blocks = [
        {"type": "heading", "text": "Заголовок", "size": 1},
        {
            "type": "paragraph",
            "text": ["Смотрите ", {"type": "url", "text": "сайт", "url": "https://a.ru/"}],
        },
        {"type": "preformatted", "text": "import os", "language": "python"},
    ]

    post = post_of(message(7, rich_message={"blocks": blocks}))

    assert post.text == "Заголовок\nСмотрите сайт\nimport os"
    assert [snippet.language for snippet in post.snippets] == ["python"]
    assert [link.url for link in post.links] == ["https://a.ru/"]


def test_a_rich_post_may_be_anything() -> None:
    """What is no rich message, or nests without end, harms nothing."""
    nested: Any = "глубоко"
    for _ in range(60):
        nested = {"type": "paragraph", "blocks": [nested]}

    assert post_of(message(7, rich_message="?")).kind is PostKind.SERVICE
    assert post_of(message(7, rich_message={"blocks": [nested]})).kind is PostKind.SERVICE
    assert post_of(message(7, "Слово", rich_message={"blocks": []})).text == "Слово"
