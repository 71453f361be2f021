"""The archive's views: ready answers for people who open the file in an SQL shell.

Plain SQL without custom functions, for any program that reads SQLite. `{group}` is the one word in
which the databases differ.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from db.channel_views import CHANNEL_VIEWS
from db.dialects import Speech, speech_of

VIEWS = {
    "archive": """
  /* What stands in the channels? The posts as a person reads them, without service lines. */
SELECT
  posts.post_id,                        /* Key, for joins with the tables. */
  channels.title AS channel,            /* Title of the channel. */
  posts.message_id,                     /* Telegram's number of the post. */
  posts.posted_at,                      /* UTC; sorts and compares as text. */
  posts.text,                           /* The whole text. */
  (SELECT {group}('#' || tag, ' ') FROM
    (SELECT tag FROM post_hashtags WHERE post_id = posts.post_id ORDER BY position) AS ordered
  ) AS tags,                            /* As #one #two, in the order of the text. */
  (SELECT count(*) FROM snippets WHERE post_id = posts.post_id
    AND (origin <> 'inline' OR language IS NOT NULL)
  ) AS snippets,                        /* How many pieces of code, as in the view code. */
  (SELECT count(*) FROM links WHERE post_id = posts.post_id)
    AS links,                           /* How many links. */
  (SELECT {group}(kind, ' ') FROM
    (SELECT kind FROM media WHERE post_id = posts.post_id ORDER BY position) AS ordered
  ) AS media,                           /* As photo photo file. */
  posts.author,                         /* Signature. */
  posts.forwarded_from,                 /* Where a repost comes from. */
  posts.views,                          /* NULL: no source told. */
  posts.reaction_count AS reactions,    /* All kinds together; NULL: no source told. */
  posts.edited_at,                      /* As Telegram tells it, UTC. */
  posts.missing_since,                  /* Since when the channel lacks it, UTC. */
  CASE
    WHEN channels.username IS NOT NULL
      THEN 'https://t.me/' || channels.username || '/' || posts.message_id
    WHEN channels.telegram_id IS NOT NULL
      THEN 'https://t.me/c/' || channels.telegram_id || '/' || posts.message_id
  END AS url                            /* NULL: neither name nor id of the channel is known. */
FROM posts JOIN channels USING (channel_id)
WHERE posts.kind = 'message'""",
    "code": """
  /* Which code is in the archive? Every block, and inline code in a known language. */
SELECT
  snippets.snippet_id,                  /* Key, for joins with the tables. */
  snippets.language,                    /* NULL where it was not recognised. */
  snippets.origin,                      /* pre, inline or detected. */
  snippets.lines,                       /* How many lines. */
  snippets.code,                        /* The code itself. */
  archive.posted_at,                    /* UTC. */
  archive.tags,                         /* Tags of the post. */
  archive.url,                          /* Address of the post. */
  archive.channel,                      /* Title of the channel. */
  archive.message_id,                   /* Telegram's number of the post. */
  archive.post_id                       /* Key of the post. */
FROM snippets JOIN archive USING (post_id)
WHERE snippets.origin <> 'inline' OR snippets.language IS NOT NULL""",
    "hashtag_counts": """
  /* Which tags are in use? How often, since when, until when. */
SELECT
  post_hashtags.tag,                    /* Folded, without #. */
  count(*) AS posts,                    /* Posts that carry it. */
  min(posts.posted_at) AS first_at,     /* The first of them, UTC. */
  max(posts.posted_at) AS last_at       /* The last of them, UTC. */
FROM post_hashtags JOIN posts USING (post_id)
GROUP BY post_hashtags.tag""",
    "monthly_counts": """
  /* How busy was each month? Without service lines. */
SELECT
  posts.month,                          /* YYYY-MM, UTC. */
  count(*) AS posts,                    /* All posts, reposts included. */
  count(posts.forwarded_from) AS reposts, /* Those from elsewhere. */
  count(coded.post_id) AS with_code     /* Those with code, as in the view code. */
FROM posts LEFT JOIN
  (SELECT DISTINCT post_id FROM snippets WHERE origin <> 'inline' OR language IS NOT NULL) AS coded
  USING (post_id)
WHERE posts.kind = 'message'
GROUP BY posts.month""",
    "reposts": """
  /* Whom do the channels repost? One row for each source. */
SELECT
  forwarded_from,                       /* Name of the source. */
  max(forwarded_username) AS username,  /* Its public name, where one is known. */
  count(*) AS posts,                    /* Reposts from it. */
  min(posted_at) AS first_at,           /* The first of them, UTC. */
  max(posted_at) AS last_at             /* The last of them, UTC. */
FROM posts
WHERE forwarded_from IS NOT NULL
GROUP BY forwarded_from""",
    "link_hosts": """
  /* Where do the posts link to? One row for each site. */
SELECT
  links.host,                           /* Without www. */
  count(*) AS links,                    /* Links to it. */
  count(DISTINCT links.post_id) AS posts, /* Posts with such links. */
  min(posts.posted_at) AS first_at,     /* The first of them, UTC. */
  max(posts.posted_at) AS last_at       /* The last of them, UTC. */
FROM links JOIN posts USING (post_id)
WHERE links.kind = 'web'
GROUP BY links.host""",
    **CHANNEL_VIEWS,
}


def create_views(connection: Connection, views: Mapping[str, str]) -> None:
    """Create the views; none may exist."""
    for name, body in views.items():
        connection.exec_driver_sql(view_statement(name, body, speech_of(connection.dialect)))


def view_statement(name: str, body: str, speech: Speech) -> str:
    """Return the statement that creates a view, for one kind of database."""
    return f"CREATE VIEW {name} AS{body}".replace("{group}", speech.join_texts)
