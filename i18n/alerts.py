"""Texts on saved searches, alerts and the digest: the fields, and both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FollowingTexts:
    """Names in braces are filled in with `str.format`."""

    button_follow: str
    followed: str
    already: str
    full: str
    """At most {most} searches can be followed."""
    nothing_to_follow: str
    write_first: str
    """For a button pressed in a group by a person the bot cannot write to."""

    title: str
    count_of: str
    """{count} of {most}."""
    nothing_saved: str
    modes: Mapping[str, str]
    """By the names used in the store."""
    paused: str
    muted: str
    """Until {until}."""
    since: str
    """Followed since {day}."""
    new: Forms
    nothing_new: str
    gone: str
    """For the button of a deleted search."""
    deleted: str
    muted_notice: str

    quiet: str
    """No alerts from {first} to {last}."""
    never_quiet: str
    quiet_title: str
    clock: str
    """The current time: {now}."""
    never: str

    alert_new: str
    alert_changed: str
    by_one: str
    """The search that matched: {queries}; below, several of them."""
    by_several: str
    bundle: Forms
    """New posts, with {count}."""
    by_searches: Forms
    """By {count} searches."""
    and_more: str
    """{count} more searches or posts."""

    digest_title: str
    digest_of: str
    """From {first} to {last}."""
    digest_none: str
    digest_tags: str
    digest_best: str
    digest_latest: str
    digest_on: str
    digest_off: str
    reactions: Forms

    button_mute: str
    button_unmute: str
    button_delete: str
    button_unsubscribe: str
    button_pause: str
    button_resume: str
    button_open: str
    button_open_new: str
    """With {count}."""
    button_list: str
    button_to_list: str
    button_quiet: str
    button_digest: str
    button_digest_on: str
    button_digest_off: str
    button_original: str
    button_read: str


RUSSIAN_FOLLOWING = FollowingTexts(
    button_follow="🔔 Следить",
    followed="🔔 Слежу: о новых постах напишу сразу. Изменить: /saved",
    already="За этим запросом вы уже следите. Все подписки: /saved",
    full="У вас уже {most} подписок, больше нельзя. Удалите лишнюю: /saved",
    nothing_to_follow="В этом запросе нет слов, следить не за чем.",
    write_first="Уведомления приходят в личный чат: сначала напишите мне туда.",
    title="Ваши подписки",
    count_of="{count} из {most}",
    nothing_saved="Пока ни одной. Найдите что-нибудь и нажмите под ответом «🔔 Следить»: "
    "о новых постах я напишу.",
    modes={"at_once": "сразу", "daily": "раз в день", "weekly": "раз в неделю"},
    paused="на паузе",
    muted="тихо до {until}",
    since="Подписка с {day}",
    new=("новый пост", "новых поста", "новых постов"),
    nothing_new="нового нет",
    gone="Этой подписки больше нет.",
    deleted="Подписка удалена.",
    muted_notice="🔕 Сутки молчу. Что найдётся за это время, пришлю потом одним сообщением.",
    quiet="🌙 С {first}:00 до {last}:00 не пишу",
    never_quiet="🌙 Пишу в любое время",
    quiet_title="Когда не писать? Всё, что найдётся за это время, придёт после.",
    clock="На моих часах сейчас {now}.",
    never="Писать всегда",
    alert_new="Новый пост",
    alert_changed="Изменённый пост",
    by_one=" по подписке {queries}",
    by_several=" по подпискам {queries}",
    bundle=("{count} новый пост", "{count} новых поста", "{count} новых постов"),
    by_searches=(" по {count} подписке", " по {count} подпискам", " по {count} подпискам"),
    and_more="…и ещё {count}",
    digest_title="Дайджест недели",
    digest_of="{first} — {last}",
    digest_none="За эту неделю постов не было.",
    digest_tags="Теги: {tags}",
    digest_best="Больше всего реакций",
    digest_latest="Последние посты",
    digest_on="📰 Дайджест приходит по понедельникам.",
    digest_off="📰 Дайджест не приходит.",
    reactions=("реакция", "реакции", "реакций"),
    button_mute="🔕 На день",
    button_unmute="🔔 Не молчать",
    button_delete="🗑 Удалить",
    button_unsubscribe="✖ Отписаться",
    button_pause="⏸ Пауза",
    button_resume="▶ Продолжить",
    button_open="🔎 Искать",
    button_open_new="🆕 Показать {count}",
    button_list="‹ Все подписки",
    button_to_list="🔔 Мои подписки",
    button_quiet="🌙 Тихие часы",
    button_digest="📰 Дайджест",
    button_digest_on="📰 Присылать по понедельникам",
    button_digest_off="📰 Больше не присылать",
    button_original="↗ Открыть",
    button_read="📖 Прочитать",
)

ENGLISH_FOLLOWING = FollowingTexts(
    button_follow="🔔 Follow",
    followed="🔔 Following: I will write as soon as there are new posts. To change this: /saved",
    already="You already follow this search. All of them: /saved",
    full="You follow {most} searches, which is the limit. Delete one: /saved",
    nothing_to_follow="There are no words in this query to follow.",
    write_first="Alerts are sent to your private chat with me: write to me there first.",
    title="What you follow",
    count_of="{count} of {most}",
    nothing_saved="Nothing yet. Search for something and press “🔔 Follow” under the answer: "
    "I will write when there are new posts.",
    modes={"at_once": "at once", "daily": "once a day", "weekly": "once a week"},
    paused="paused",
    muted="muted until {until}",
    since="Followed since {day}",
    new=("new post", "new posts"),
    nothing_new="nothing new",
    gone="You no longer follow this search.",
    deleted="You no longer follow this search.",
    muted_notice="🔕 Muted for a day. Anything found in the meantime comes in one message "
    "afterwards.",
    quiet="🌙 I do not write from {first}:00 to {last}:00",
    never_quiet="🌙 I write at any time",
    quiet_title="When should I not write? Anything found in those hours comes afterwards.",
    clock="By my clock it is {now}.",
    never="No quiet hours",
    alert_new="New post",
    alert_changed="Edited post",
    by_one=" for {queries}",
    by_several=" for {queries}",
    bundle=("{count} new post", "{count} new posts"),
    by_searches=(" for {count} search", " for {count} searches"),
    and_more="…and {count} more",
    digest_title="Weekly digest",
    digest_of="{first} — {last}",
    digest_none="There were no posts this week.",
    digest_tags="Tags: {tags}",
    digest_best="Most reactions",
    digest_latest="Latest posts",
    digest_on="📰 The digest comes on Mondays.",
    digest_off="📰 The digest is off.",
    reactions=("reaction", "reactions"),
    button_mute="🔕 Mute for a day",
    button_unmute="🔔 Unmute",
    button_delete="🗑 Delete",
    button_unsubscribe="✖ Unsubscribe",
    button_pause="⏸ Pause",
    button_resume="▶ Resume",
    button_open="🔎 Search",
    button_open_new="🆕 Show {count}",
    button_list="‹ All searches",
    button_to_list="🔔 What I follow",
    button_quiet="🌙 Quiet hours",
    button_digest="📰 Digest",
    button_digest_on="📰 Send it on Mondays",
    button_digest_off="📰 Turn it off",
    button_original="↗ Open",
    button_read="📖 Read",
)
