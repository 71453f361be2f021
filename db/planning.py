"""Plans a batch of posts: reads what is stored, decides what to do, writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from db.identity import is_other_chat, posted_at, read_posted_at
from db.merge import Revision, StoredPost, TextSet, revise
from db.reading import ARCHIVED, chunks, read_versions, select_posts
from db.rows import SqlRow
from db.schema import posts
from db.storable import Storable, storable
from db.times import read_time, time_text
from db.values import PostedAt
from model.errors import OtherChat
from model.messages import Code
from model.posts import ArchivedPost, Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A stored post and its revisions, one account after the other."""

    archived: ArchivedPost
    revisions: Sequence[Revision]
    missing_since: datetime | None

    @property
    def news(self) -> int:
        """Count the accounts that change more than the date of the source."""
        found = _count_news(self.archived.post, self.revisions)
        return found or int(self.missing_since != self.archived.missing_since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A post to insert, and how later accounts in the same batch revised it."""

    settled: Storable
    revisions: Sequence[Revision] = ()
    news: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """What to do with a batch; `confirmed` are keys of posts that a newer source shows unchanged.

    `unchanged` counts the posts without news, including the confirmed ones.
    """

    added: Sequence[Addition]
    changes: Sequence[Change]
    confirmed: Sequence[int]
    unchanged: int


def plan_batch(
    connection: Connection,
    channel_id: int,
    batch: Mapping[int, Sequence[Post]],
    *,
    as_of: datetime,
) -> BatchPlan:
    """Decide what to do with posts: all accounts of each, in order, by message id.

    Raises:
        OtherChat: A post has another time of posting than the stored one.
    """
    stored = _read_stored(connection, channel_id, list(batch))
    as_of_text = time_text(as_of)
    added, doubtful, confirmed = [], {}, []
    for message_id, told in batch.items():
        accounts = [*map(storable, told)]
        row = stored.get(message_id)
        if row is None:
            _refuse_other_times(posted_at(told[0]), accounts[1:])
            added.append(_add(accounts, as_of=as_of))
        elif (row.missing_since or "~") <= as_of_text or any(
            account.digest != row.content_hash for account in accounts
        ):
            _refuse_other_times(read_posted_at(row), accounts)
            doubtful[row.post_id] = [account.post for account in accounts]
        elif row.as_of < as_of_text:
            confirmed.append(row.post_id)
    as_of_stored = {row.post_id: row.as_of for row in stored.values()}
    decided = _decide(connection, doubtful, as_of_stored, as_of=as_of)
    changes = [change for change in decided if change.news]
    confirmed += [
        change.archived.post_id
        for change in decided
        if not change.news and as_of_stored[change.archived.post_id] < as_of_text
    ]
    news = sum(addition.news for addition in added) + sum(change.news for change in changes)
    return BatchPlan(
        added=added,
        changes=changes,
        confirmed=confirmed,
        unchanged=sum(map(len, batch.values())) - news,
    )


def _add(accounts: Sequence[Storable], *, as_of: datetime) -> Addition:
    first, *others = accounts
    if not others:
        return Addition(settled=first)
    known = StoredPost(post=first.post, as_of=as_of)
    revisions = _revise_by_all(known, [other.post for other in others], as_of=as_of)
    return Addition(
        settled=storable(revisions[-1].post),
        revisions=revisions,
        news=1 + _count_news(first.post, revisions),
    )


_STORED = select(
    posts.c.message_id,
    posts.c.post_id,
    posts.c.content_hash,
    posts.c.posted_at,
    posts.c.posted_precision,
    posts.c.as_of,
    posts.c.missing_since,
).where(
    posts.c.channel_id == bindparam("channel_id"),
    posts.c.message_id.in_(bindparam("message_ids", expanding=True)),
)


def _read_stored(
    connection: Connection, channel_id: int, message_ids: Sequence[int]
) -> Mapping[int, SqlRow]:
    return {
        row.message_id: row
        for chunk in chunks(message_ids)
        for row in connection.execute(_STORED, {"channel_id": channel_id, "message_ids": chunk})
    }


def _refuse_other_times(known: PostedAt, accounts: Sequence[Storable]) -> None:
    """Raise if accounts give another time of posting: then they are of another chat."""
    for post in (account.post for account in accounts):
        if is_other_chat(known, posted_at(post)):
            raise OtherChat(
                Code.OTHER_TIME,
                message_id=post.message_id,
                known=time_text(known.moment),
                told=time_text(post.posted_at),
            )


def _decide(
    connection: Connection,
    incoming: Mapping[int, Sequence[Post]],
    as_of_stored: Mapping[int, str],
    *,
    as_of: datetime,
) -> Sequence[Change]:
    if not incoming:
        return ()
    keys = list(incoming)
    versions = read_versions(connection, keys)
    return [
        Change(
            archived=archived,
            revisions=_revise_by_all(
                StoredPost(
                    post=archived.post,
                    as_of=read_time(as_of_stored[archived.post_id]),
                    earlier=TextSet(
                        version.content for version in versions.get(archived.post_id, ())
                    ),
                ),
                incoming[archived.post_id],
                as_of=as_of,
            ),
            missing_since=_still_missing(archived, as_of=as_of),
        )
        for archived in select_posts(connection, ARCHIVED.where(posts.c.post_id.in_(keys)))
    ]


def _revise_by_all(
    known: StoredPost, accounts: Sequence[Post], *, as_of: datetime
) -> Sequence[Revision]:
    """Return the revision for each account, each based on the result of the one before."""
    revisions = []
    for account in accounts:
        revision = revise(known, account, as_of=as_of)
        if revision.earlier:
            known.earlier.add(revision.earlier.content)
        known = replace(known, post=revision.post, as_of=revision.as_of)
        revisions.append(revision)
    return revisions


def _count_news(post: Post, revisions: Sequence[Revision]) -> int:
    """Count the revisions that change the post or add an earlier text."""
    before = [post, *(revision.post for revision in revisions)]
    return sum(
        revision.earlier is not None or revision.post != known
        for known, revision in zip(before, revisions, strict=False)
    )


def _still_missing(archived: ArchivedPost, *, as_of: datetime) -> datetime | None:
    """Return when the post went missing, unless a source of that time or later has it."""
    gone = archived.missing_since
    return gone if gone and as_of < gone else None
