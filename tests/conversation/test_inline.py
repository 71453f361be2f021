"""Inline mode over the wire: results, pages, the newest, and nothing for strangers."""

from __future__ import annotations

from tests.conversation.channel import SERIES
from tests.standin.person import Person


def test_owner_finds_posts_from_any_chat(vera: Person) -> None:
    """A query brings titles and finished messages, kept for seconds and for nobody else."""
    answer = vera.waits_for_results(vera.inline_query("зелюка"))

    assert len(answer.results) == SERIES
    assert all(title.startswith("Заметка номер") for title in answer.titles)
    assert (answer.is_personal, answer.cache_time) == (True, 10)
    message = answer.results[0]["input_message_content"]["message_text"]
    assert message.startswith("<b>Заметка номер")
    assert "зелюк" in message


def test_empty_query_shows_the_newest_in_pages(vera: Person) -> None:
    """Without words the latest posts come, twenty a page, to the last of them."""
    seen: list[str] = []
    offset = ""
    while True:
        answer = vera.waits_for_results(vera.inline_query("", offset=offset))
        assert 1 <= len(answer.results) <= 20
        seen += (str(result["id"]) for result in answer.results)
        offset = answer.next_offset
        if not offset:
            break

    assert len(set(seen)) == len(seen) > 90


def test_strangers_share_nothing_of_it(vera: Person, stranger: Person) -> None:
    """What was answered to an owner is not shown to a stranger who types the same."""
    assert vera.waits_for_results(vera.inline_query("куздра")).results

    answer = stranger.waits_for_results(stranger.inline_query("куздра"))

    assert answer.results == ()
    assert answer.button
    assert answer.button["text"] == "🔑 Попросить доступ"


def test_picked_result_disturbs_nobody(vera: Person) -> None:
    """That a result was sent is no question to the bot."""
    answer = vera.waits_for_results(vera.inline_query("куздра"))

    vera.picks(answer, str(answer.results[0]["id"]), query="куздра")

    assert "куздра" in vera.asks("куздра").text
