"""Texts on channels archived live: the fields, and both languages."""

from __future__ import annotations

from dataclasses import dataclass

from i18n import Catalogue

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LiveTexts:
    """Names in braces are filled in with `str.format`."""

    asks: str
    """With {channel} and {name}, who added the bot."""
    asks_late: str
    """With {channel}, which sent posts before it was known."""
    approved: str
    denied: str
    left: str
    owners_only: str
    gone: str
    """For a button whose question has been answered."""
    gap: Forms
    """Report that {posts} of {channel} are missing, one or several."""
    and_more: str
    refused: str
    """With {channel} and {reason}."""
    recovered: str
    """With {posts} that had been kept."""
    button_approve: str
    button_deny: str


ENGLISH = LiveTexts(
    asks="{name} made me an administrator of the channel “{channel}”. Should I archive its posts "
    "as they appear?",
    asks_late="Posts of the channel “{channel}” reach me, although nobody told me about it. I am "
    "keeping them for now: should I archive them and the ones to come?",
    approved="✅ New posts and edits of “{channel}” go into the archive from now on. Telegram "
    "does not show bots the history: import an export for the earlier posts.",
    denied="✖ Posts of “{channel}” are ignored.",
    left="I am no longer an administrator of “{channel}”: its new posts do not reach the archive.",
    owners_only="Only an owner of the archive can decide that.",
    gone="This question has been answered, or the channel is gone.",
    gap=(
        (
            "⚠ Post {posts} of “{channel}” is missing from the archive. If it was not deleted, "
            "send a fresh export."
        ),
        (
            "⚠ Posts {posts} of “{channel}” are missing from the archive. If they were not "
            "deleted, send a fresh export."
        ),
    ),
    and_more="and more",
    refused="⚠ A post of “{channel}” is not archived yet. I keep it and the ones after it, and "
    "try again every minute. {reason}",
    recovered="✅ Posts can be archived again. Added from those I kept: {posts}",
    button_approve="✅ Archive",
    button_deny="✖ Ignore",
)

RUSSIAN = LiveTexts(
    asks="{name} делает меня администратором канала «{channel}». "
    "Добавлять его посты в архив по мере появления?",
    asks_late="Ко мне приходят посты канала «{channel}», о котором мне не сообщили. "
    "Я их пока храню: добавить в архив их и все следующие?",
    approved="✅ Новые посты и правки канала «{channel}» теперь попадают в архив. "
    "Историю Telegram ботам не показывает: прежние посты берутся из экспорта.",
    denied="✖ Посты канала «{channel}» не архивируются.",
    left="Я больше не администратор канала «{channel}»: его новые посты не попадут в архив.",
    owners_only="Это решает только владелец архива.",
    gone="На этот вопрос уже ответили, или канала больше нет.",
    gap=(
        (
            "⚠ В архиве нет поста {posts} из канала «{channel}». "
            "Если он не удалён, пришлите свежий экспорт."
        ),
        (
            "⚠ В архиве нет постов {posts} из канала «{channel}». "
            "Если они не удалены, пришлите свежий экспорт."
        ),
    ),
    and_more="и ещё",
    refused="⚠ Пост канала «{channel}» пока не удалось добавить в архив. Я храню его и следующие и "
    "пробую снова каждую минуту. {reason}",
    recovered="✅ Посты снова попадают в архив. Из отложенных добавлено: {posts}",
    button_approve="✅ Архивировать",
    button_deny="✖ Не надо",
)


def live_texts(texts: Catalogue) -> LiveTexts:
    """Return these texts in the language of a catalogue."""
    return RUSSIAN if texts.code == "ru" else ENGLISH
