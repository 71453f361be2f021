"""What service messages say of a chat and the people in it, worded as in HTML exports."""

from __future__ import annotations

from ingest.rich_text import as_exported
from ingest.telegram_json.actions import MONTHS, Action, Lines, listed
from ingest.telegram_json.fields import (
    list_of,
    objects_of,
    string_of,
)
from ingest.telegram_json.text import read_parts

_AUTO_DELETE_PERIODS = {7 * 86400: "7 days", 86400: "24 hours"}
_ALLOWED = "You allowed this bot to message you"
_KILOMETRE = 1000


def _create_group(action: Action) -> str:
    members = action.members()
    line = f"{action.actor} created group {action.title()}"
    return f"{line} with members {members}" if members else line


def _group_call(action: Action) -> str:
    seconds = action.number("duration")
    lasted = f" ({seconds} seconds)" if seconds else ""
    return action.by("started voice chat", "Voice chat") + lasted


def _scheduled_call(action: Action) -> str:
    moment = action.local_time("schedule_date")
    line = action.by("scheduled a voice chat for ", "Voice chat scheduled for ")
    return f"{line}{moment:%d.%m.%Y %H:%M:%S}" if moment is not None else line


def _auto_delete(action: Action) -> str:
    period = action.number("period")
    if not period:
        return action.by("has set messages not to auto-delete", "New messages will not auto-delete")
    line = action.by("has set messages to auto-delete in ", "New messages will auto-delete in ")
    return line + _AUTO_DELETE_PERIODS.get(period, "")


def _theme(action: Action) -> str:
    emoji = string_of(action.fields, "emoticon")
    if emoji is None:
        return action.by("disabled chat theme", "Channel theme was disabled")
    return action.by("changed chat theme to ", "Channel theme was changed to ") + emoji


def _topic_edit(action: Action) -> str:
    """Return what was changed of a topic; the exporter writes no blank after the comma."""
    changes = []
    if "new_title" in action.fields:
        changes.append(f"title to {action.title('new_title')}")
    if "new_icon_emoji_id" in action.fields:
        changes.append(f"icon to «{action.fields['new_icon_emoji_id']}»")
    return f"{action.actor} changed topic {','.join(changes)}"


def _tasks_added(action: Action) -> str:
    tasks = [read_parts(item.get("text")).text for item in objects_of(action.fields, "items")]
    return f"{action.actor} added tasks: " + ", ".join(f'"{task}"' for task in tasks)


def _tasks_done(action: Action) -> str:
    """Return which tasks were done; an export names them by their numbers alone."""
    done, undone = _numbers(action, "completed"), _numbers(action, "incompleted")
    changes = [f"{done} as done"] if done else []
    changes += [f"{undone} as not done yet"] if undone else []
    return f"{action.actor} marked {' and '.join(changes)} in this todo list."


def _numbers(action: Action, key: str) -> str:
    return listed([str(each) for each in list_of(action.fields, key) if isinstance(each, int)])


def _bot_allowed(action: Action) -> str:
    app, domain = action.text("reason_app_name"), action.text("reason_domain")
    if app:
        return f"{_ALLOWED} when you opened {app}"
    return f"{_ALLOWED} when you logged in on {domain}" if domain else f"{_ALLOWED}."


def _documents(action: Action) -> str:
    kinds = [kind for kind in list_of(action.fields, "values") if isinstance(kind, str)]
    names = listed([as_exported(kind).replace("_", " ").capitalize() for kind in kinds])
    return f"You have sent the following documents: {names}"


def _proximity(action: Action) -> str:
    metres = action.number("distance")
    distance = "1 meter" if metres == 1 else f"{metres} meters"
    if metres >= _KILOMETRE:
        distance = f"{metres // 10 / 100:g} km"
    return f"{action.name('from')} is now within {distance} from {action.name('to')}"


def _birthday(action: Action) -> str:
    day, month, year = (action.number(key) for key in ("day", "month", "year"))
    name = MONTHS[month - 1] if 0 < month <= len(MONTHS) else ""
    date = " ".join(filter(None, [str(day), name, str(year or "")]))
    return f"{action.actor} suggests to add a date of birth: {date}"


def _sharing(action: Action) -> str:
    state = "disabled" if action.is_true("new_value") else "enabled"
    return f"{action.actor} {state} sharing in this chat"


CHAT_LINES: Lines = {
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
    "invite_to_group_call": lambda act: f"{act.actor} invited {act.members()} to the voice chat",
    "set_messages_ttl": _auto_delete,
    "edit_chat_theme": _theme,
    "invite_members": lambda act: f"{act.actor} invited {act.members()}",
    "remove_members": lambda act: f"{act.actor} removed {act.members()}",
    "join_group_by_link": lambda act: (
        f"{act.actor} joined group by link from {act.name('inviter')}"
    ),
    "join_group_by_request": lambda act: f"{act.actor} joined group by request",
    "migrate_to_supergroup": lambda act: f"{act.actor} converted this group to a supergroup",
    "migrate_from_group": lambda act: (
        f"{act.actor} converted a basic group to this supergroup {act.title()}"
    ),
    "clear_history": lambda _: "History cleared",
    "topic_created": lambda act: f"{act.actor} created topic {act.title()}",
    "allow_sending_messages": _bot_allowed,
    "attach_menu_bot_allowed": lambda _: f"{_ALLOWED} when you added it in the attachment menu.",
    "change_creator": lambda act: (
        f"{act.actor} made {act.name('new_creator')} the new main admin of the group"
    ),
    "join_group_via_community": lambda act: f"{act.actor} joined group via a community",
    "joined_telegram": lambda act: f"{act.actor} joined Telegram",
    "managed_bot_created": lambda act: f"{act.actor} created a bot {act.name('bot')}",
    "new_creator_pending": lambda act: (
        f"{act.name('new_creator')} will become the new main admin in 7 days "
        f"if {act.actor} does not return"
    ),
    "no_forwards_request": lambda act: f"{act.actor} requested to enable sharing in this chat",
    "no_forwards_toggle": _sharing,
    "poll_append_answer": lambda act: f'{act.actor} added "{act.text("option")}" to the poll.',
    "poll_delete_answer": lambda act: f'{act.actor} removed "{act.text("option")}" from the poll.',
    "proximity_reached": _proximity,
    "requested_phone_number": lambda act: f"{act.actor} requested your phone number",
    "score_in_game": lambda act: f"{act.actor} scored {act.number('score')} in this game",
    "send_passport_values": _documents,
    "send_webview_data": lambda act: (
        f"You have just successfully transferred data from the {act.title('text')} button "
        "to the bot"
    ),
    "set_chat_wallpaper": lambda act: f"{act.actor} set a new background for this chat",
    "set_same_chat_wallpaper": lambda act: f"{act.actor} set the same background for this chat",
    "suggest_birthday": _birthday,
    "suggest_profile_photo": lambda act: f"{act.actor} suggests to use this photo",
    "take_screenshot": lambda act: f"{act.actor} took a screenshot",
    "todo_append_tasks": _tasks_added,
    "todo_completions": _tasks_done,
    "topic_edit": _topic_edit,
    "web_app_bot_allowed": lambda _: f"{_ALLOWED} in his web-app.",
}
