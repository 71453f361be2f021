"""The bot remembers the exports it was sent, until each is done with."""

from __future__ import annotations

from db.bot_live import ApprovalStatus
from db.bot_store import BotStore
from db.bot_uploads import Upload, UploadStatus
from tests.db.making import MORNING, day

TITLE = "Записки о данных"


def _add(bot_store: BotStore, **more: str) -> int:
    given = {"file_id": "BQAC", "name": "Экспорт.zip", "file": "a1"} | more
    return bot_store.uploads.add(user_id=1, chat_id=1, bubble_id=7, now=MORNING, **given)


def test_an_upload_is_kept_until_it_is_done_with(bot_store: BotStore) -> None:
    """What arrived is found again; removed, it is gone and its key is not given anew."""
    first, second = _add(bot_store), _add(bot_store, name="\ud800.zip")

    assert bot_store.uploads.find(first) == Upload(
        upload_id=first,
        user_id=1,
        chat_id=1,
        bubble_id=7,
        file_id="BQAC",
        name="Экспорт.zip",
        file="a1",
        status=UploadStatus.NEW,
        title=None,
        channel=None,
        attempts=0,
        created_at=MORNING,
    )
    assert [each.name for each in bot_store.uploads.all()] == ["Экспорт.zip", "\ufffd.zip"]

    bot_store.uploads.remove(second)
    assert bot_store.uploads.find(second) is None
    assert _add(bot_store) > second


def test_an_upload_moves_from_where_it_should_stand(bot_store: BotStore) -> None:
    """A second press finds the upload elsewhere already."""
    upload_id = _add(bot_store)
    move = bot_store.uploads.move

    assert not move(upload_id, UploadStatus.CONFIRMED, instead_of=(UploadStatus.OFFERED,))
    assert move(upload_id, UploadStatus.OFFERED, instead_of=(UploadStatus.NEW,))
    assert move(upload_id, UploadStatus.CONFIRMED, instead_of=(UploadStatus.OFFERED,))
    assert not move(upload_id, UploadStatus.CONFIRMED, instead_of=(UploadStatus.OFFERED,))


def test_what_is_learned_of_an_upload_is_noted(bot_store: BotStore) -> None:
    """The question, the answer, the message and the attempts stand with the upload."""
    upload_id = _add(bot_store)
    uploads = bot_store.uploads
    uploads.ask(upload_id, TITLE)
    asked = uploads.find(upload_id)
    uploads.choose(upload_id, "@zapiski", title=TITLE)
    uploads.show_in(upload_id, 9)
    begun = [uploads.count_attempt(upload_id, latest=latest) for latest in (4, 5)]
    chosen = uploads.find(upload_id)
    uploads.choose(upload_id, None, title=None)
    undone = uploads.find(upload_id)

    assert asked
    assert chosen
    assert undone
    assert (asked.status, asked.title) == (UploadStatus.ASKED, TITLE)
    assert (chosen.status, chosen.channel) == (UploadStatus.NEW, "@zapiski")
    assert (chosen.bubble_id, chosen.attempts, begun) == (9, 2, [4, 4])
    assert (chosen.title, undone.title, undone.channel) == (TITLE, None, None)


def test_a_title_means_what_was_said_last(bot_store: BotStore) -> None:
    """An answer holds for its title, until another one is given."""
    uploads = bot_store.uploads
    assert uploads.channel_of(TITLE) is None

    uploads.remember_channel(TITLE, "", by=1, now=MORNING)
    assert uploads.channel_of(TITLE) == ""

    uploads.remember_channel(TITLE, "@zapiski", by=2, now=day(1))
    assert uploads.channel_of(TITLE) == "@zapiski"
    assert uploads.channel_of("Другое") is None


def test_approved_channels_are_listed(bot_store: BotStore) -> None:
    """Of the channels that took the bot in, those that an owner approved can be chosen."""
    for chat_id, title in ((-1001, "Б"), (-1002, "А"), (-1003, "В")):
        bot_store.live.ask(chat_id, title=title, language=None, now=MORNING)
    for chat_id, verdict in (
        (-1001, ApprovalStatus.APPROVED),
        (-1002, ApprovalStatus.APPROVED),
        (-1003, ApprovalStatus.DENIED),
    ):
        bot_store.live.decide(chat_id, verdict, by=1, now=MORNING)

    assert [channel.title for channel in bot_store.live.approved()] == ["А", "Б"]


def test_a_report_stays_as_long_as_its_upload(bot_store: BotStore) -> None:
    """The last report is found, and forgotten with the upload."""
    upload_id = _add(bot_store)
    uploads = bot_store.uploads
    assert uploads.report_of(upload_id) is None
    uploads.keep_report(upload_id, "{}")
    uploads.keep_report(upload_id, '{"added": 1}')
    assert uploads.report_of(upload_id) == '{"added": 1}'
    uploads.remove(upload_id)
    assert uploads.report_of(upload_id) is None
