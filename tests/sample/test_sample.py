"""The sample channel is what its source says, and is found wherever the package lies."""

from __future__ import annotations

from pathlib import Path

from ingest import open_source
from letopis.sample import sample_export
from model.posts import Post
from tests.sample.channel import EXPORT_NAME, read_channel, write_sample
from tests.sample.queries import KINDS, read_queries


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_committed_export_is_what_the_writer_writes_from_the_source(tmp_path: Path) -> None:
    """The committed export is, byte for byte, what the writer makes of the source."""
    assert _files(sample_export()) == _files(write_sample(tmp_path))


def test_the_sample_export_has_the_name_of_a_true_export() -> None:
    """The sample lies in a folder that is named as Telegram Desktop names one."""
    assert sample_export().name == EXPORT_NAME


def test_every_graded_query_is_about_posts_of_the_channel() -> None:
    """A query is asked once, and each of its answers is a post that is there."""
    posts = {message.post.message_id for message in read_channel().messages}
    queries = read_queries()

    assert len({query.text for query in queries}) == len(queries) >= 130
    assert set().union(*(query.grades for query in queries)) <= posts


def test_every_graded_query_has_an_answer_and_a_known_kind() -> None:
    """A query is of a known kind, and at least one post answers it."""
    queries = read_queries()

    assert {query.kind for query in queries} == set(KINDS)
    assert all(set(query.grades.values()) in ({2}, {1, 2}) for query in queries)


def test_the_reader_finds_the_whole_channel_in_the_sample_export() -> None:
    """Every message of the source is read from the committed export, in order."""
    source = open_source(sample_export())
    channel = read_channel()

    assert source.channel.title == channel.title
    assert [post.message_id for post in source.messages() if isinstance(post, Post)] == [
        message.post.message_id for message in channel.messages
    ]
