"""Service messages, worded as in HTML exports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ingest.telegram_json.fields import JsonObject, count_of, integer_of, list_of, string_of

UNSUPPORTED = (
    "This message is not supported by this version of Telegram Desktop. "
    "Please update the application."
)
_DELETED = "Deleted Account"
_AUTO_DELETE_PERIODS = {7 * 86400: "7 days", 86400: "24 hours"}
_WINNERS_CHOSEN = "randomly selected by Telegram and received "


@dataclass(frozen=True, slots=True, kw_only=True)
class _Action:
    """The fields of an action, its actor, and whether it was in a channel."""

    fields: JsonObject
    actor: str
    in_channel: bool

    def title(self, key: str = "title") -> str:
        return f"«{string_of(self.fields, key) or ''}»"

    def by(self, group: str, channel: str) -> str:
        """Return the channel's wording, or the group's, which names the actor."""
        return channel if self.in_channel else f"{self.actor} {group}"


def service_text(message: JsonObject, *, chat_title: str, in_channel: bool) -> str:
    """Return the text of a service message, in English as in every HTML export."""
    action = string_of(message, "action") or ""
    actor = string_of(message, "actor") or (_DELETED if "actor" in message else chat_title)
    told = _Action(fields=message, actor=actor.strip(), in_channel=in_channel)
    if action in _LINES:
        return _LINES[action](told)
    custom = string_of(message, "information_text")
    return custom or f"{told.actor} {action.replace('_', ' ')}".strip()


def _members(action: _Action) -> str:
    names = [
        name if isinstance(name, str) and name else _DELETED
        for name in list_of(action.fields, "members")
    ]
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)


def _create_group(action: _Action) -> str:
    members = _members(action)
    line = f"{action.actor} created group {action.title()}"
    return f"{line} with members {members}" if members else line


def _group_call(action: _Action) -> str:
    seconds = count_of(action.fields, "duration")
    lasted = f" ({seconds} seconds)" if seconds else ""
    return action.by("started voice chat", "Voice chat") + lasted


def _scheduled_call(action: _Action) -> str:
    return action.by("scheduled a voice chat for ", "Voice chat scheduled for ") + _scheduled_at(
        action.fields
    )


def _scheduled_at(message: JsonObject) -> str:
    """Return the time of a call in the exporter's local time, as the HTML export shows it.

    The offset from UTC is the difference between the message's own two dates.
    """
    instant, sent_at = integer_of(message, "schedule_date"), integer_of(message, "date_unixtime")
    try:
        moment = datetime.fromtimestamp(instant or 0, UTC)
        shown = datetime.fromisoformat(string_of(message, "date") or "").replace(tzinfo=UTC)
        ahead = shown - datetime.fromtimestamp(sent_at or 0, UTC)
        moment += ahead if sent_at and abs(ahead) < timedelta(days=1) else timedelta()
    except (ValueError, OverflowError, OSError):
        return ""
    return f"{moment:%d.%m.%Y %H:%M:%S}"


def _auto_delete(action: _Action) -> str:
    period = count_of(action.fields, "period")
    if not period:
        return action.by("has set messages not to auto-delete", "New messages will not auto-delete")
    line = action.by("has set messages to auto-delete in ", "New messages will auto-delete in ")
    return line + _AUTO_DELETE_PERIODS.get(period, "")


def _theme(action: _Action) -> str:
    emoji = string_of(action.fields, "emoticon")
    if emoji is None:
        return action.by("disabled chat theme", "Channel theme was disabled")
    return action.by("changed chat theme to ", "Channel theme was changed to ") + emoji


def _giveaway_results(action: _Action) -> str:
    winners = count_of(action.fields, "winners")
    if not winners:
        return "No winners of the giveaway could be selected."
    prize = (
        "their prize." if count_of(action.fields, "stars") else "private messages with giftcodes."
    )
    if count_of(action.fields, "unclaimed"):
        return f"Some winners of the giveaway were {_WINNERS_CHOSEN}{prize}"
    return f"{winners} of the giveaway was {_WINNERS_CHOSEN}{prize}"


def _message_price(action: _Action) -> str:
    stars = count_of(action.fields, "price_stars") or 0
    if not action.in_channel:
        return f"Price per message changed to {stars} Telegram Stars."
    if action.fields.get("is_broadcast_messages_allowed") is not True:
        return "Direct messages were disabled."
    return f"Price per direct message changed to {stars} Telegram Stars."


def _boost(action: _Action) -> str:
    boosts = count_of(action.fields, "boosts") or 0
    return f"{action.actor} boosted the group {boosts} {'times' if boosts > 1 else 'time'}"


_LINES: Mapping[str, Callable[[_Action], str]] = {
    "create_channel": lambda act: f"Channel {act.title()} created",
    "create_group": _create_group,
    "edit_group_title": lambda act: (
        act.by("changed group title to ", "Channel title changed to ") + act.title()
    ),
    "edit_group_photo": lambda act: act.by("changed group photo", "Channel photo changed"),
    "delete_group_photo": lambda act: act.by("removed group photo", "Channel photo removed"),
    "pin_message": lambda act: f"{act.actor} pinned this message",
    "group_call": _group_call,
    "group_call_scheduled": _scheduled_call,
    "invite_to_group_call": lambda act: f"{act.actor} invited {_members(act)} to the voice chat",
    "set_messages_ttl": _auto_delete,
    "edit_chat_theme": _theme,
    "giveaway_launch": lambda act: (
        f"{act.actor} just started a giveaway of Telegram Premium subscriptions to its followers."
    ),
    "giveaway_results": _giveaway_results,
    "paid_messages_price_change": _message_price,
    "boost_apply": _boost,
    "invite_members": lambda act: f"{act.actor} invited {_members(act)}",
    "remove_members": lambda act: f"{act.actor} removed {_members(act)}",
    "join_group_by_link": lambda act: (
        f"{act.actor} joined group by link from {string_of(act.fields, 'inviter') or _DELETED}"
    ),
    "join_group_by_request": lambda act: f"{act.actor} joined group by request",
    "migrate_to_supergroup": lambda act: f"{act.actor} converted this group to a supergroup",
    "migrate_from_group": lambda act: (
        f"{act.actor} converted a basic group to this supergroup {act.title()}"
    ),
    "clear_history": lambda _: "History cleared",
    "topic_created": lambda act: f"{act.actor} created topic {act.title()}",
}
