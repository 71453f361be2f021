"""What service messages say of payments, gifts and giveaways, worded as in HTML exports."""

from __future__ import annotations

from ingest.telegram_json.actions import MONTHS, Action, Lines
from ingest.telegram_json.media import read_price
from ingest.telegram_json.text import read_parts

_WINNERS_CHOSEN = "randomly selected by Telegram and received "
_BILLION = 10**9


def _giveaway_results(action: Action) -> str:
    winners = action.number("winners")
    if not winners:
        return "No winners of the giveaway could be selected."
    prize = "their prize." if action.number("stars") else "private messages with giftcodes."
    if action.number("unclaimed"):
        return f"Some winners of the giveaway were {_WINNERS_CHOSEN}{prize}"
    return f"{winners} of the giveaway was {_WINNERS_CHOSEN}{prize}"


def _message_price(action: Action) -> str:
    stars = action.number("price_stars")
    if not action.in_channel:
        return f"Price per message changed to {stars} Telegram Stars."
    if action.fields.get("is_broadcast_messages_allowed") is not True:
        return "Direct messages were disabled."
    return f"Price per direct message changed to {stars} Telegram Stars."


def _boost(action: Action) -> str:
    boosts = action.number("boosts")
    return f"{action.actor} boosted the group {boosts} {'times' if boosts > 1 else 'time'}"


def _payment(action: Action) -> str:
    amount = read_price(action.fields)
    if action.text("recurring") == "used":
        return f"You were charged {amount} via recurring payment"
    line = f"You have successfully transferred {amount} for this invoice"
    return f"{line} and allowed future recurring payments" if action.text("recurring") else line


def _premium_gift(action: Action) -> str:
    cost, term = action.text("cost"), _term(action)
    if not cost or not term:
        return f"{action.actor} sent you a gift."
    return f"{action.actor} sent you a gift for {cost}: Telegram Premium for {term}."


def _gift_code(action: Action) -> str:
    premium = f"Telegram Premium for {_term(action)}"
    if action.is_true("unclaimed"):
        return f"This is an unclaimed {premium} prize in a giveaway organized by a channel."
    if action.is_true("via_giveaway"):
        return f"You won a {premium} prize in a giveaway organized by a channel."
    return f"You've received a {premium} gift from a channel."


def _term(action: Action) -> str:
    """Return how long a gift lasts; before 6.2 exports count months."""
    for unit in ("day", "month"):
        count = action.number(f"{unit}s")
        if count:
            return f"{count} {unit}s" if count > 1 else f"{count} {unit}"
    return ""


def _credits_gift(action: Action) -> str:
    cost, amount = action.text("cost"), _amount(action, "amount")
    if not cost or amount == "0":
        return f"{action.actor} sent you a gift."
    unit = "TON" if action.text("action") == "send_ton_gift" else "Telegram Stars"
    return f"{action.actor} sent you a gift for {cost}: {amount} {unit}."


def _star_gift(action: Action) -> str:
    """Return a gift with the words that came with it, which HTML exports leave out."""
    line = f"{action.actor} sent you a gift of {action.number('stars')} Telegram Stars."
    words = read_parts(action.fields.get("gift_text")).text
    return f"{line} «{words}»" if words else line


def _stars_prize(action: Action) -> str:
    return (
        f"You won a prize in a giveaway organized by {action.name('boost_peer_name')}. "
        f"Your prize is {action.number('stars')} Telegram Stars."
    )


def _messages_refund(action: Action) -> str:
    stars, messages = action.number("stars_count"), action.number("messages_count")
    return f"{action.actor} refunded {stars} Stars for {messages} messages"


def _suggested_post(action: Action) -> str:
    verdict = "rejected" if action.is_true("rejected") else "approved"
    line = f"{action.actor} {verdict} your suggested post"
    price = _price(action)
    line += f", for {price}" if price else ""
    moment = action.local_time("scheduled_date") if action.number("scheduled_date") else None
    if moment is not None:
        line += f", {moment.day} {MONTHS[moment.month - 1]} {moment:%Y} at {moment:%H:%M}"
    comment = action.text("comment")
    return f'{line}, with comment: "{comment}"' if comment else f"{line}."


def _suggested_post_shown(action: Action) -> str:
    price = _price(action) or "0 stars"
    return f"The paid post was shown for 24 hours and {price} were transferred to the channel."


def _suggested_post_refund(action: Action) -> str:
    if action.is_true("user_initiated"):
        return "The user refunded the payment, post was deleted."
    return "The admin deleted the post early, the payment was refunded."


def _price(action: Action) -> str:
    amount = _amount(action, "price_amount")
    unit = "TON" if action.text("price_currency") == "TON" else "stars"
    return f"{amount} {unit}" if amount != "0" else ""


def _amount(action: Action, key: str) -> str:
    """Return an amount that is given in whole units and billionths."""
    return f"{action.number(f'{key}_whole') + action.number(f'{key}_nano') / _BILLION:g}"


PAID_LINES: Lines = {
    "boost_apply": _boost,
    "gift_code_prize": _gift_code,
    "giveaway_launch": lambda act: (
        f"{act.actor} just started a giveaway of Telegram Premium subscriptions to its followers."
    ),
    "giveaway_results": _giveaway_results,
    "paid_messages_price_change": _message_price,
    "paid_messages_refund": _messages_refund,
    "process_suggested_post": _suggested_post,
    "refunded_payment": lambda act: (
        f"{act.name('peer_name')} refunded back {read_price(act.fields)}"
    ),
    "send_payment": _payment,
    "send_premium_gift": _premium_gift,
    "send_star_gift": _star_gift,
    "send_stars_gift": _credits_gift,
    "send_ton_gift": _credits_gift,
    "stars_prize": _stars_prize,
    "suggested_post_refund": _suggested_post_refund,
    "suggested_post_success": _suggested_post_shown,
}
