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
    refusal="Это закрытый архив: он отвечает тем, кого впустил владелец. "
    "Ваш номер в Telegram: {user}.",
    sent="Просьба отправлена. Когда владелец решит, я напишу сюда.",
    waits="Ваша просьба уже у владельца. Когда он решит, я напишу сюда.",
    too_soon="Владелец пока не открыл вам доступ. Попросить снова можно с {day}.",
    welcome="Вас впустили. Просто напишите, что ищете; как искать: /help",
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
    "• номер в Telegram, а если вы просили доступ — ещё имя и решение владельца: {standing};\n"
    "• ваши запросы, чтобы работали кнопки под ответами: сейчас {kept}; каждый стирается, "
    "если им не пользоваться {days};\n"
    "• ваши подписки и то, что по ним найдено: сейчас {saved}; ещё тихие часы и дайджест;\n"
    "• язык ответов: {language};\n"
    "• отпечатки последних сообщений без их текста — чтобы не отвечать дважды.\n\n"
    "Больше ничего; никому не передаю. Кнопка ниже стирает запросы, подписки и выбор языка, кнопки "
    "под прежними ответами перестанут работать. Решение о доступе остаётся, пока его не изменит "
    "владелец.",
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
    refusal="This archive is private: it answers those whom its owner lets in. "
    "Your Telegram id is {user}.",
    sent="Your request is on its way. When the owner has decided, I will write here.",
    waits="The owner has your request already. When it is decided, I will write here.",
    too_soon="The owner has not let you in so far. You can ask again from {day} on.",
    welcome="You have been let in. Just write what you are looking for; how to search: /help",
    lost="The owner has taken your access to the archive back.",
    denied="The owner has not let you into the archive.",
    hasty="Too fast: try again in {seconds} s.",
    replaced="Too many messages at once. Left unanswered: {messages}. "
    "Send them again if you still need them.",
    owners_only="Only an owner can do this.",
    asks="🚪 {name} asks for access.",
    has="✅ {name} has access.",
    was_denied="✖ {name} was not let in.",
    was_revoked="✖ {name}: access was taken back.",
    is_unknown="Nothing is known of this person.",
    asked_on="asked on {day}",
    decided_on="decided on {day} by owner {owner}",
    already="This is decided already.",
    really="Take access back from {name}?",
    title="Who uses the archive",
    nobody="Nobody but its owners.",
    owners=("owner", "owners"),
    waiting=("waits for a decision", "wait for a decision"),
    let_in=("with access", "with access"),
    members_too="Members of the channel can search without being let in.",
    public_too="The archive is public: anybody can search it.",
    language_title="In which language shall I answer?",
    language_as_telegram="As in Telegram",
    language_names=("Русский", "English"),
    privacy="What I keep about you\n\n"
    "• your Telegram id and, if you asked for access, your name and the owner's decision: "
    "{standing};\n"
    "• your queries, so that the buttons under the answers work: {kept} at present; each is "
    "deleted when it has not been used for {days};\n"
    "• the searches you follow and what was found for them: {saved} at present; your quiet hours "
    "and whether you want the digest;\n"
    "• the language of the answers: {language};\n"
    "• fingerprints of the latest messages without their text, so as not to answer twice.\n\n"
    "Nothing else, and nobody is told. The button below deletes queries, what you follow and the "
    "choice of language; buttons under earlier answers then stop working. The decision on access "
    "stays until an owner changes it.",
    privacy_searches=("query", "queries"),
    privacy_saved=("search", "searches"),
    privacy_days=("day", "days"),
    privacy_owner="you are an owner",
    privacy_let_in="you have access",
    privacy_member="access needs no decision",
    privacy_as_telegram="as in Telegram",
    forgotten="Deleted: {kept}, {saved} that you followed and the choice of language.",
    button_ask="🔑 Request access",
    button_approve="✅ Let in",
    button_deny="✖ Deny",
    button_readmit="✅ Let in after all",
    button_revoke="✖ Take access back",
    button_revoke_really="✖ Yes, take it back",
    button_cancel="‹ Cancel",
    button_people="‹ All people",
    button_open="📖 Open the post",
    button_forget="🧹 Forget my queries",
)
