"""Texts on access, languages and privacy: the fields, and both languages."""

from __future__ import annotations

from dataclasses import dataclass

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class AccessTexts:
    """Names in braces are filled in with `str.format`."""

    refusal: str
    """To strangers, with {user}, their id."""
    sent: str
    waits: str
    too_soon: str
    """When they may ask again: from {day} on."""
    welcome: str
    lost: str
    denied: str
    hasty: str
    """To people who press buttons too fast: again in {seconds}."""
    replaced: str
    """Names the {messages} left unanswered."""
    owners_only: str

    asks: str
    """To an owner, the decision on {name}; likewise the other standings."""
    has: str
    was_denied: str
    was_revoked: str
    is_unknown: str
    asked_on: str
    decided_on: str
    """With {day} and {owner}."""
    already: str
    really: str
    """Asks whether {name} should lose access."""
    title: str
    nobody: str
    owners: Forms
    waiting: Forms
    let_in: Forms
    members_too: str
    public_too: str

    language_title: str
    language_as_telegram: str
    language_names: tuple[str, str]

    privacy: str
    """With {kept}, {saved}, {standing}, {language}, {days}."""
    privacy_searches: Forms
    privacy_saved: Forms
    privacy_days: Forms
    privacy_owner: str
    privacy_let_in: str
    privacy_member: str
    privacy_as_telegram: str
    forgotten: str

    button_ask: str
    button_approve: str
    button_deny: str
    button_readmit: str
    button_revoke: str
    button_revoke_really: str
    button_cancel: str
    button_people: str
    button_open: str
    button_forget: str


RUSSIAN_ACCESS = AccessTexts(
    refusal="Это закрытый архив: в нём ищут те, кому открыл доступ владелец. Ваш id в Telegram: "
    "{user}.",
    sent="Просьба отправлена. Когда владелец решит, я напишу сюда.",
    waits="Ваша просьба уже у владельца. Когда он решит, я напишу сюда.",
    too_soon="Владелец пока не открыл вам доступ. Попросить снова можно с {day}.",
    welcome="Доступ открыт. Просто напишите, что ищете; как искать: /help",
    lost="Владелец закрыл вам доступ к архиву.",
    denied="Владелец не открыл вам доступ к архиву.",
    hasty="Слишком быстро: ещё раз через {seconds} с.",
    replaced="Слишком много сообщений сразу. Без ответа: {messages}. "
    "Если это ещё нужно, отправьте снова.",
    owners_only="Это может только владелец.",
    asks="🚪 {name} просит доступ.",
    has="✅ У {name} есть доступ.",
    was_denied="✖ {name}: в доступе отказано.",
    was_revoked="✖ {name}: доступ закрыт.",
    is_unknown="Об этом человеке ничего не известно.",
    asked_on="просьба от {day}",
    decided_on="решено {day}, владелец {owner}",
    already="Это уже решено.",
    really="Закрыть доступ: {name}?",
    title="Кто пользуется архивом",
    nobody="Кроме владельцев — никто.",
    owners=("владелец", "владельца", "владельцев"),
    waiting=("ждёт решения", "ждут решения", "ждут решения"),
    let_in=("с доступом", "с доступом", "с доступом"),
    members_too="Участники канала могут искать и без разрешения.",
    public_too="Архив открытый: искать может любой.",
    language_title="На каком языке отвечать?",
    language_as_telegram="Как в Telegram",
    language_names=("Русский", "English"),
    privacy="Что я о вас храню\n\n"
    "• ваш id в Telegram, а если вы просили доступ — ещё имя и решение владельца: {standing};\n"
    "• ваши запросы, чтобы работали кнопки под ответами: сейчас {kept}; каждый стирается, если "
    "им не пользоваться {days};\n"
    "• ваши подписки и то, что по ним найдено: сейчас {saved}; ещё тихие часы и дайджест;\n"
    "• язык ответов: {language};\n"
    "• отпечатки последних сообщений без их текста — чтобы не отвечать дважды.\n\n"
    "Больше ничего; никому не передаю. Кнопка ниже стирает запросы, подписки и выбор языка, "
    "кнопки под прежними ответами перестанут работать. Решение о доступе остаётся, пока его не "
    "изменит владелец.",
    privacy_searches=("запрос", "запроса", "запросов"),
    privacy_saved=("подписка", "подписки", "подписок"),
    privacy_days=("день", "дня", "дней"),
    privacy_owner="вы владелец",
    privacy_let_in="доступ есть",
    privacy_member="доступ без разрешения",
    privacy_as_telegram="как в Telegram",
    forgotten="Стёрто: {kept}, {saved} и выбранный язык.",
    button_ask="🔑 Попросить доступ",
    button_approve="✅ Впустить",
    button_deny="✖ Отказать",
    button_readmit="✅ Всё же впустить",
    button_revoke="✖ Закрыть доступ",
    button_revoke_really="✖ Да, закрыть",
    button_cancel="‹ Отмена",
    button_people="‹ Все люди",
    button_open="📖 Открыть пост",
    button_forget="🧹 Забыть мои запросы",
)

ENGLISH_ACCESS = AccessTexts(
    refusal="This archive is private: only people approved by its owner can search it. Your "
    "Telegram id is {user}.",
    sent="Your request has been sent. I will write here once the owner has decided.",
    waits="The owner already has your request. I will write here once it is decided.",
    too_soon="The owner has not approved your request. You can ask again from {day}.",
    welcome="You now have access. Just type what you are looking for; how to search: /help",
    lost="The owner has revoked your access to the archive.",
    denied="The owner has declined your request.",
    hasty="Too fast: try again in {seconds} s.",
    replaced="Too many messages at once. Left unanswered: {messages}. "
    "Send them again if you still need them.",
    owners_only="Only an owner can do this.",
    asks="🚪 {name} asks for access.",
    has="✅ {name} has access.",
    was_denied="✖ {name} was refused.",
    was_revoked="✖ {name}: access revoked.",
    is_unknown="Nothing is known about this person.",
    asked_on="asked on {day}",
    decided_on="decided on {day} by owner {owner}",
    already="This has already been decided.",
    really="Revoke access for {name}?",
    title="Who has access",
    nobody="Only the owners.",
    owners=("owner", "owners"),
    waiting=("waiting for a decision", "waiting for a decision"),
    let_in=("with access", "with access"),
    members_too="Members of the channel can search without asking.",
    public_too="The archive is public: anyone can search it.",
    language_title="Which language should I answer in?",
    language_as_telegram="As in Telegram",
    language_names=("Русский", "English"),
    privacy="What I keep about you\n\n"
    "• your Telegram id and, if you asked for access, your name and the owner's decision: "
    "{standing};\n"
    "• your queries, so that the buttons under my answers work: {kept} at the moment; each is "
    "deleted once it has not been used for {days};\n"
    "• the searches you follow and what was found for them: {saved} at the moment; your quiet "
    "hours and whether you want the digest;\n"
    "• the language I answer in: {language};\n"
    "• fingerprints of your latest messages, without their text, so that I do not answer "
    "twice.\n\n"
    "Nothing else, and I share it with nobody. The button below deletes your queries, the "
    "searches you follow and your choice of language; buttons under earlier answers will stop "
    "working. The decision about your access stays until an owner changes it.",
    privacy_searches=("query", "queries"),
    privacy_saved=("search", "searches"),
    privacy_days=("day", "days"),
    privacy_owner="you are an owner",
    privacy_let_in="you have access",
    privacy_member="access needs no decision",
    privacy_as_telegram="as in Telegram",
    forgotten="Deleted: {kept}, {saved} you followed and your choice of language.",
    button_ask="🔑 Request access",
    button_approve="✅ Approve",
    button_deny="✖ Deny",
    button_readmit="✅ Approve after all",
    button_revoke="✖ Revoke access",
    button_revoke_really="✖ Yes, revoke it",
    button_cancel="‹ Cancel",
    button_people="‹ All people",
    button_open="📖 Open the post",
    button_forget="🧹 Forget my queries",
)
