"""Views for one channel of several, and for what happened to posts; as `db.views`."""

from __future__ import annotations

_URL = """CASE
    WHEN channels.username IS NOT NULL
      THEN 'https://t.me/' || channels.username || '/' || posts.message_id
    WHEN channels.telegram_id IS NOT NULL
      THEN 'https://t.me/c/' || channels.telegram_id || '/' || posts.message_id
  END AS url                            /* NULL: neither name nor id of the channel is known. */"""

_VIEWS = {
    "channel_hashtag_counts": """
  /* Which tags does each channel use? As hashtag_counts, which counts all channels. */
SELECT
  posts.channel_id,                     /* Key of the channel. */
  min(channels.title) AS channel,       /* Its title. */
  post_hashtags.tag,                    /* Folded, without #. */
  count(*) AS posts,                    /* Its posts that carry the tag. */
  min(posts.posted_at) AS first_at,     /* The first of them, UTC. */
  max(posts.posted_at) AS last_at       /* The last of them, UTC. */
FROM post_hashtags JOIN posts USING (post_id) JOIN channels USING (channel_id)
GROUP BY posts.channel_id, post_hashtags.tag""",
    "channel_monthly_counts": """
  /* How busy was each month of a channel? As monthly_counts, which counts all channels. */
SELECT
  posts.channel_id,                     /* Key of the channel. */
  min(channels.title) AS channel,       /* Its title. */
  posts.month,                          /* YYYY-MM, UTC. */
  count(*) AS posts,                    /* All posts, reposts included. */
  count(posts.forwarded_from) AS reposts, /* Those from elsewhere. */
  count(coded.post_id) AS with_code     /* Those with a code block or recognised code. */
FROM posts JOIN channels USING (channel_id) LEFT JOIN
  (SELECT DISTINCT post_id FROM snippets WHERE origin <> 'inline' OR language IS NOT NULL) AS coded
  USING (post_id)
WHERE posts.kind = 'message'
GROUP BY posts.channel_id, posts.month""",
    "channel_reposts": """
  /* Whom does each channel repost? As reposts, which counts all channels. */
SELECT
  posts.channel_id,                     /* Key of the channel. */
  min(channels.title) AS channel,       /* Its title. */
  posts.forwarded_from,                 /* Name of the source. */
  max(posts.forwarded_username) AS username, /* Its public name, where one is known. */
  count(*) AS posts,                    /* Reposts from it. */
  min(posts.posted_at) AS first_at,     /* The first of them, UTC. */
  max(posts.posted_at) AS last_at       /* The last of them, UTC. */
FROM posts JOIN channels USING (channel_id)
WHERE posts.forwarded_from IS NOT NULL
GROUP BY posts.channel_id, posts.forwarded_from""",
    "channel_link_hosts": """
  /* Where does each channel link to? As link_hosts, which counts all channels. */
SELECT
  posts.channel_id,                     /* Key of the channel. */
  min(channels.title) AS channel,       /* Its title. */
  links.host,                           /* Without www. */
  count(*) AS links,                    /* Links to it. */
  count(DISTINCT links.post_id) AS posts, /* Posts with such links. */
  min(posts.posted_at) AS first_at,     /* The first of them, UTC. */
  max(posts.posted_at) AS last_at       /* The last of them, UTC. */
FROM links JOIN posts USING (post_id) JOIN channels USING (channel_id)
WHERE links.kind = 'web'
GROUP BY posts.channel_id, links.host""",
    "edits": """
  /* What was edited? Each earlier text of a post, and the text that came after it. */
SELECT
  post_versions.post_id,                /* Key of the post. */
  channels.title AS channel,            /* Title of the channel. */
  posts.message_id,                     /* Telegram's number of the post. */
  posts.posted_at,                      /* UTC. */
  post_versions.as_of,                  /* UTC time of the latest source with the earlier text. */
  post_versions.text AS before,         /* The earlier text. */
  coalesce(
    (SELECT later.text FROM post_versions AS later
     WHERE later.post_id = post_versions.post_id
       AND (later.as_of > post_versions.as_of
         OR later.as_of = post_versions.as_of
           AND later.post_version_id > post_versions.post_version_id)
     ORDER BY later.as_of, later.post_version_id LIMIT 1),
    posts.text) AS after,               /* The text that came next; of the last edit, today's. */
  {url}
FROM post_versions JOIN posts USING (post_id) JOIN channels USING (channel_id)""",
    "missing_posts": """
  /* What is gone from the channels? Posts that a later full export no longer held. */
SELECT
  posts.post_id,                        /* Key of the post. */
  channels.title AS channel,            /* Title of the channel. */
  posts.message_id,                     /* Telegram's number of the post. */
  posts.kind,                           /* message or service. */
  posts.posted_at,                      /* UTC. */
  posts.missing_since,                  /* UTC time of the first export without it. */
  posts.text,                           /* The whole text. */
  {url}
FROM posts JOIN channels USING (channel_id)
WHERE posts.missing_since IS NOT NULL""",
    "albums": """
  /* Which posts were sent together? One row for each album; its posts have the album_id. */
SELECT
  posts.channel_id,                     /* Key of the channel. */
  channels.title AS channel,            /* Title of the channel. */
  posts.album_id,                       /* As in posts. */
  posts.message_id,                     /* Telegram's number of the album's first post. */
  posts.posted_at,                      /* UTC time of that post. */
  first.posts,                          /* How many posts. */
  (SELECT part.text FROM posts AS part
   WHERE part.channel_id = posts.channel_id AND part.album_id = posts.album_id
   ORDER BY part.text = '', part.message_id LIMIT 1
  ) AS text,                            /* The caption: the first text that is not empty. */
  {url}
FROM (
  SELECT channel_id, min(message_id) AS message_id, count(*) AS posts
  FROM posts WHERE album_id IS NOT NULL GROUP BY channel_id, album_id) AS first
  JOIN posts USING (channel_id, message_id) JOIN channels USING (channel_id)""",
    "threads": """
  /* What answers what? Each answer within a channel, beside the post that it answers. */
SELECT
  posts.post_id,                        /* Key of the answer. */
  channels.title AS channel,            /* Title of the channel. */
  posts.message_id,                     /* Telegram's number of the answer. */
  posts.posted_at,                      /* UTC. */
  posts.text,                           /* Text of the answer. */
  asked.post_id AS asked_post_id,       /* Key of the post that it answers; NULL: not archived. */
  posts.reply_to AS asked_message_id,   /* Telegram's number of that post. */
  asked.posted_at AS asked_at,          /* UTC time of that post. */
  asked.text AS asked_text              /* Text of that post. */
FROM posts JOIN channels USING (channel_id)
LEFT JOIN posts AS asked
  ON asked.channel_id = posts.channel_id AND asked.message_id = posts.reply_to
WHERE posts.reply_to IS NOT NULL""",
}
CHANNEL_VIEWS = {name: body.replace("{url}", _URL) for name, body in _VIEWS.items()}
