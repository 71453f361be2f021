"""A person searches, turns pages, opens posts and takes their code."""

from __future__ import annotations

import pytest

from tests.conversation.channel import HOSTILE, LONG_CODE, SERIES, SHORT_CODE
from tests.conversation.conftest import owner
from tests.conversation.running import RunningBot
from tests.standin.person import Person
from tests.standin.things import Message

PER_PAGE = 5


def posts_of(page: Message) -> list[str]:
    """Return the headings of a page of the series."""
    return [line for line in page.text.splitlines() if "Заметка номер" in line]


def test_search_answers_with_five_hits(vera: Person) -> None:
    """A message is a search: five posts at most, the words that matched in bold."""
    page = vera.asks("зелюкой")

    assert str(SERIES) in page.text.splitlines()[0]
    assert len(posts_of(page)) == PER_PAGE
    assert page.labels[:5] == ("1", "2", "3", "4", "5")
    matched = {word.casefold() for word in page.marked("bold")}
    assert matched & {"зелюка", "зелюки", "зелюку"}, page.html


def test_excerpts_are_quoted(vera: Person) -> None:
    """Each hit quotes the place that matched."""
    page = vera.asks("зелюка")

    quotes = page.marked("blockquote")
    assert len(quotes) == PER_PAGE
    assert all("зелюк" in quote for quote in quotes)


def test_pages_are_turned_in_place(vera: Person) -> None:
    """The arrows edit one message, forth to the last post and back to the first page."""
    first = vera.asks("зелюка")

    vera.presses(first, "›")
    second = vera.waits_for()
    vera.presses(second, "›")
    third = vera.waits_for()
    vera.presses(third, "‹")
    again_second = vera.waits_for()
    vera.presses(again_second, "‹")
    again_first = vera.waits_for()

    assert {page.message_id for page in (second, third, again_first)} == {first.message_id}
    assert (again_second.html, again_first.html) == (second.html, first.html)
    found = [*posts_of(first), *posts_of(second), *posts_of(third)]
    assert len(found) == SERIES
    assert len({line.partition(". ")[2] for line in found}) == SERIES
    assert "›" not in third.labels
    assert "‹" not in first.labels
    assert sum(event.kind == "message" for event in vera.watch.sees()) == 1


def test_post_opens_with_its_code(vera: Person) -> None:
    """A post opened shows its text and its code as code of its language; back is the list."""
    page = vera.asks("куздра")

    vera.presses(page, "1")
    card = vera.waits_for()
    vera.presses(card, "‹")
    back = vera.waits_for()

    escaped = SHORT_CODE.replace("<", "&lt;")
    assert f'<pre><code class="language-python">{escaped}</code></pre>' in card.html
    assert "Куздра считает так" in card.text
    assert "Конец заметки." in card.text
    assert [button.url for button in card.buttons if button.url] == ["https://t.me/paper_dragon/20"]
    assert (back.html, back.labels, back.message_id) == (page.html, page.labels, page.message_id)


def test_similar_posts_are_found_from_a_card(vera: Person) -> None:
    """From a card to the posts like it, to the second page of them, and all the way back."""
    page = vera.asks("зелюка")
    vera.presses(page, "1")
    card = vera.waits_for()
    vera.presses(card, "≈")
    similar = vera.waits_for()
    vera.presses(similar, "›")
    more = vera.waits_for()
    vera.presses(more, "‹ Назад")
    back = vera.waits_for()

    assert similar.text.startswith("≈ Похожие на Заметка номер")
    assert card.text.splitlines()[0] not in posts_of(similar)
    assert len({*posts_of(similar)[1:], *posts_of(more)[1:]}) == 2 * PER_PAGE
    assert (back.html, back.labels) == (card.html, card.labels)
    assert similar.message_id == back.message_id == page.message_id


def test_post_is_shared_through_inline_mode(vera: Person) -> None:
    """The button to share asks, in a chat of the person's choice, for the post on the card."""
    page = vera.asks("куздра")
    vera.presses(page, "1")
    card = vera.waits_for()

    (query,) = [button.inline for button in card.buttons if button.inline]
    answer = vera.waits_for_results(vera.inline_query(query))

    assert answer.titles == ("Куздра и рамки данных",)


def test_short_code_is_copied_by_a_button(vera: Person) -> None:
    """A snippet that fits is on a button that copies it."""
    page = vera.asks("/code куздра")
    vera.presses(page, "1")
    card = vera.waits_for()

    copies = [button.copy for button in card.buttons if button.copy]

    assert copies == [SHORT_CODE]


def test_long_code_comes_as_a_file(vera: Person) -> None:
    """A snippet too long for a message is cut there, and whole in a file."""
    page = vera.asks("штекобокра")
    vera.presses(page, "1")
    card = vera.waits_for()

    vera.presses(card, "📎")
    sent = vera.waits_for()

    shown = max(card.marked("pre"), key=len)
    assert LONG_CODE.startswith(shown.rstrip("…\n"))
    assert len(shown) < len(LONG_CODE)
    assert sent.file is not None
    assert sent.file.data.decode().rstrip("\n") == LONG_CODE
    assert sent.file.name.endswith(".py")


def test_text_of_a_post_is_shown_as_it_was_written(vera: Person) -> None:
    """Markup in a post is text, in the list and in the card."""
    page = vera.asks("квазилайн")
    vera.presses(page, "1")
    card = vera.waits_for()

    for line in HOSTILE.replace("\u202e", "").replace("\u202c", "").splitlines():
        assert line in card.text.replace("\u202e", "").replace("\u202c", "")
    assert "<b>не жирный</b>" in page.text
    assert not card.marked("text_link")


def test_crowded_page_keeps_all_its_marks(vera: Person) -> None:
    """However often a word matches, a page stays below a message's limit of entities."""
    page = vera.asks("бокрёнок")

    assert page.dropped_entities == 0
    assert "бокрёнок" in page.marked("bold")


@pytest.mark.slow
def test_filters_narrow_in_place_and_outlive_the_process(own_bot: RunningBot) -> None:
    """A tag chosen narrows the message, in a new process too, until it is taken away."""
    vera = owner(own_bot)
    page = vera.asks("заметка")
    vera.presses(page, "⚙")
    vera.presses(vera.waits_for(), "🏷")
    tags = vera.waits_for()
    twice = [vera.presses(tags, "#зелюка") for _ in range(2)]
    assert [vera.waits_for_answer(query_id)["text"] for query_id in twice] == ["", ""]
    narrowed = vera.waits_for()
    own_bot.restart()

    vera.presses(narrowed, "📄")
    posts = vera.waits_for()
    vera.presses(posts, "⚙")
    vera.presses(vera.waits_for(), "✖ #зелюка")
    vera.presses(vera.waits_for(), "📄")
    everything = vera.waits_for()

    assert "⚙ #зелюка" in posts.text
    assert len(posts_of(posts)) == PER_PAGE
    assert everything.html == page.html
    assert everything.message_id == posts.message_id == page.message_id


def test_stats_are_a_picture(vera: Person, john: Person) -> None:
    """The archive in numbers comes as a picture, with its numbers in the person's language."""
    for person, word in ((vera, "постов"), (john, "posts")):
        sent = person.asks("/stats")

        assert sent.media == "photo"
        assert sent.file
        assert sent.file.data.startswith(b"\x89PNG")
        assert word in sent.text.splitlines()[1]
        assert f"#зелюка — {SERIES}" in sent.text


def test_same_button_pressed_twice_is_answered_twice(vera: Person) -> None:
    """A second press changes nothing, and is neither left waiting nor an error."""
    page = vera.asks("зелюка")

    presses = [vera.presses(page, "›") for _ in range(3)]

    answers = [vera.waits_for_answer(query_id) for query_id in presses]
    assert [answer["text"] for answer in answers] == [""] * 3
    assert vera.asks("зелюка").text == page.text
    assert sum(event.kind == "message" for event in vera.watch.sees()) == 2
