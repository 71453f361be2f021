"""Methods by which a bot comes to its updates: the long poll, and the webhook's settings."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from bot.terminal.server import Call
from tests.standin.delivering import Courier
from tests.standin.errors import ApiError
from tests.standin.wire import read_flag, read_integer, read_json
from tests.standin.world import World

LONGEST_POLL = 50
WEBHOOK_PORTS = {443, 80, 88, 8443}

_WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
_OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


def get_me(world: World, call: Call) -> Any:
    """Say who the bot is."""
    unable = ("can_read_all_group_messages", "can_connect_to_business", "has_main_web_app")
    return {**world.bot, "can_join_groups": True, **dict.fromkeys(unable, False)}


def get_updates(world: World, call: Call) -> Any:
    """Give out updates, waiting for the first; a later poll ends an earlier one."""
    if world.webhook.url:
        raise ApiError(_WEBHOOK_ACTIVE, code=409)
    offset = read_integer(call, "offset", 0, -(1 << 31), (1 << 31) - 1)
    limit = read_integer(call, "limit", 100, 1, 100)
    timeout = read_integer(call, "timeout", 0, 0, LONGEST_POLL)
    kinds = read_json(call, "allowed_updates", "Can't parse allowed_updates JSON object")
    if isinstance(kinds, list):
        world.updates.allow(kinds)
    if offset:
        world.updates.confirm(offset)
    patience = world.poll.start(offset, timeout, world.clock.now())
    mine = world.poll.number

    def is_over() -> bool:
        return world.poll.number != mine

    world.changed.notify_all()
    world.wait_for(lambda: bool(world.updates.pending) or is_over(), patience)
    if is_over():
        raise _ended(world)
    return [update.as_json() for update in world.updates.take(limit)]


def _ended(world: World) -> ApiError:
    by_webhook = "Conflict: terminated by setWebhook request"
    return ApiError(by_webhook if world.webhook.url else _OTHER_POLLER, code=409)


def set_webhook(world: World, call: Call) -> Any:
    """Register a webhook, or without an address remove it."""
    url, secret = call.text("url"), call.text("secret_token")
    if not url:
        return delete_webhook(world, call)
    _check_address(url)
    if len(secret) > 256:
        raise ApiError("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise ApiError("secret token contains unallowed characters")
    kinds = read_json(call, "allowed_updates", "Can't parse allowed_updates JSON object")
    with world.change():
        hook = world.webhook
        hook.url, hook.secret, hook.last_error = url, secret, None
        hook.max_connections = read_integer(call, "max_connections", 40, 1, 100)
        if isinstance(kinds, list):
            world.updates.allow(kinds)
        if read_flag(call, "drop_pending_updates"):
            world.updates.pending.clear()
        world.poll.number += 1
        if hook.courier is None:
            hook.courier = Courier(world)
            hook.courier.start()
    return True


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ApiError("invalid webhook URL specified")
    if parts.scheme != "https":
        raise ApiError("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in WEBHOOK_PORTS:
        raise ApiError("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def delete_webhook(world: World, call: Call) -> Any:
    """Remove the webhook, and the waiting updates if that is wished."""
    with world.change():
        world.webhook.url = world.webhook.secret = ""
        if read_flag(call, "drop_pending_updates"):
            world.updates.pending.clear()
    return True


def get_webhook_info(world: World, call: Call) -> Any:
    """Say how the bot gets its updates."""
    hook = world.webhook
    info: dict[str, Any] = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }
    if hook.url:
        info["max_connections"] = hook.max_connections
        info["ip_address"] = "127.0.0.1"
    if world.updates.allowed is not None:
        info["allowed_updates"] = sorted(world.updates.allowed)
    if hook.last_error:
        info["last_error_date"], info["last_error_message"] = hook.last_error
    return info


def log_out(world: World, call: Call) -> Any:
    """Close the bot's session."""
    return True


METHODS = {
    "getme": get_me,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "logout": log_out,
    "close": log_out,
}
