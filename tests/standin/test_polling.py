"""How updates reach a bot."""

from __future__ import annotations

import threading

from tests.standin.person import Person
from tests.standin.raw import Answer, Ask
from tests.standin.server import StandIn

OTHER = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


def in_background(
    ask: Ask, standin: StandIn, **args: object
) -> tuple[threading.Thread, list[Answer]]:
    """Begin a poll in a thread, and return once the server has it."""
    answers: list[Answer] = []
    number = standin.world.poll.number
    thread = threading.Thread(target=lambda: answers.append(ask("getUpdates", **args)))
    thread.start()
    assert standin.world.wait_for(lambda: standin.world.poll.number > number, 5)
    return thread, answers


def texts(answer: Answer) -> list[str]:
    """Return what people said, as the bot reads it."""
    return [update["message"]["text"] for update in answer.result]


def test_update_stays_until_it_is_confirmed(vera: Person, ask: Ask) -> None:
    """A poll with an offset forgets what stands before it."""
    vera.says("раз")
    vera.says("два")

    first = ask("getUpdates", limit=1)
    again = ask("getUpdates")
    rest = ask("getUpdates", offset=first.result[0]["update_id"] + 1)

    assert (texts(first), texts(again), texts(rest)) == (["раз"], ["раз", "два"], ["два"])


def test_negative_offset_keeps_the_last(vera: Person, ask: Ask) -> None:
    """A negative offset counts from the end and forgets the rest."""
    for text in ("раз", "два", "три"):
        vera.says(text)

    assert texts(ask("getUpdates", offset=-2)) == ["два", "три"]


def test_poll_waits_for_the_first_update(standin: StandIn, vera: Person, ask: Ask) -> None:
    """A long poll ends with the first update, not with its time."""
    thread, answers = in_background(ask, standin, timeout=30)

    vera.says("раз")
    thread.join(25)

    assert texts(answers[0]) == ["раз"]


def test_second_poller_ends_the_first(standin: StandIn, vera: Person, ask: Ask) -> None:
    """Of two polls the older one is told of a conflict."""
    thread, answers = in_background(ask, standin, timeout=30)

    ask("getUpdates", offset=-1)
    thread.join(25)

    assert (answers[0].status, answers[0].refusal) == (409, OTHER)


def test_webhook_ends_a_poll(standin: StandIn, ask: Ask) -> None:
    """Setting a webhook ends a poll, and there is none beside it."""
    thread, answers = in_background(ask, standin, timeout=30)

    ask("setWebhook", url="https://bot.example/hook")
    thread.join(25)
    beside = ask("getUpdates")
    about = ask("getWebhookInfo").result["url"]
    ask("deleteWebhook")

    assert answers[0].refusal == "Conflict: terminated by setWebhook request"
    assert beside.status == 409
    assert beside.refusal.startswith(
        "Conflict: can't use getUpdates method while webhook is active"
    )
    assert about == "https://bot.example/hook"
    assert ask("getUpdates", offset=-1).result == []


def test_webhook_is_checked(ask: Ask) -> None:
    """The address and the secret have their rules."""
    url = "https://bot.example/hook"
    refusals = [
        ask("setWebhook", url="nowhere").refusal,
        ask("setWebhook", url="http://bot.example/hook").refusal,
        ask("setWebhook", url=url, secret_token="x" * 257).refusal,
        ask("setWebhook", url=url, secret_token="a b").refusal,
    ]

    assert refusals == [
        "Bad Request: invalid webhook URL specified",
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        "Bad Request: secret token is too long",
        "Bad Request: secret token contains unallowed characters",
    ]
    assert ask("setWebhook").result is True


def test_webhook_may_drop_what_waits(vera: Person, ask: Ask) -> None:
    """Removing the webhook can throw the waiting updates away."""
    vera.says("раз")

    ask("deleteWebhook", drop_pending_updates=True)

    assert ask("getUpdates").result == []


def test_allowed_kinds_are_remembered(standin: StandIn, vera: Person, ask: Ask) -> None:
    """The kinds asked for once hold until others are asked for."""
    ask("getUpdates", allowed_updates=["callback_query"])
    vera.says("раз")
    unasked = ask("getUpdates", offset=-1)
    ask("getUpdates", offset=-2, allowed_updates=[])
    vera.says("два")

    assert unasked.result == []
    assert texts(ask("getUpdates")) == ["два"]
    assert standin.world.updates.push("chat_member", {}) is None


def test_repeated_poll_is_held(standin: StandIn, ask: Ask) -> None:
    """A poll that repeats its offset at once waits three seconds, unless the test is in haste."""
    ask("getUpdates")
    assert standin.world.poll.start(0, 0, standin.clock.now()) == 3
    standin.world.poll.hold_repeated = False
    assert standin.world.poll.start(0, 0, standin.clock.now()) == 0


def test_timeout_is_at_most_fifty_seconds(standin: StandIn, vera: Person, ask: Ask) -> None:
    """A longer wait is cut, and nonsense is none."""
    vera.says("раз")

    assert texts(ask("getUpdates", timeout=5000, limit=1000)) == ["раз"]
    assert texts(ask("getUpdates", timeout="soon", offset="-x")) == ["раз"]


def test_update_may_come_twice(standin: StandIn, vera: Person, ask: Ask) -> None:
    """A lost confirmation repeats an update that was confirmed."""
    vera.says("раз")
    number = ask("getUpdates").result[0]["update_id"]
    standin.world.updates.repeat_last()

    again = ask("getUpdates", offset=number + 1)

    assert [update["update_id"] for update in again.result] == [number]
    assert ask("getUpdates", offset=number + 2).result == []


def test_updates_may_come_in_the_wrong_order(standin: StandIn, vera: Person, ask: Ask) -> None:
    """The last two updates change places, while their numbers rise."""
    vera.says("раз")
    vera.says("два")
    standin.world.updates.swap_last()

    answer = ask("getUpdates")

    assert texts(answer) == ["два", "раз"]
    numbers = [update["update_id"] for update in answer.result]
    assert numbers == sorted(numbers)


def test_unheard_of_update_comes_through(standin: StandIn, ask: Ask) -> None:
    """A kind from the future is delivered if the test insists."""
    ask("getUpdates", allowed_updates=["message"])

    standin.world.updates.push("brain_wave", {"hz": 8}, always=True)

    assert ask("getUpdates", offset=-1).result[0]["brain_wave"] == {"hz": 8}
