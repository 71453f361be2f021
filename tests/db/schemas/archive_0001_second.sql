BEGIN TRANSACTION;
CREATE TABLE alembic_version (
  /* Which migration this schema stands at; Letopis moves it, nobody else. */
  version_num TEXT NOT NULL PRIMARY KEY      /* Name of the last migration run. */
) STRICT;
INSERT INTO "alembic_version" VALUES('archive_0001');
CREATE TABLE archive_info (
  /* Facts about this file: what search indexes know it by, and its count of changes. */
  name TEXT NOT NULL PRIMARY KEY,            /* archive_id, or last_seq. */
  value TEXT NOT NULL                        /* A random id, or the number of the latest change. */
) STRICT;
INSERT INTO "archive_info" VALUES('archive_id','56480a25eadd5bf4f02a0044b748a93d');
INSERT INTO "archive_info" VALUES('last_seq','4');
CREATE TABLE channel_titles (
  /* Every title a channel has had; an HTML export is recognised by any of them. */
  channel_id INTEGER NOT NULL,               /* The channel. */
  title TEXT NOT NULL,                       /* A title it has or had, edges trimmed. */
  first_seen_at TEXT NOT NULL,               /* Earliest source with it, UTC. */
  last_seen_at TEXT NOT NULL,                /* Latest source with it, UTC. */
  PRIMARY KEY (channel_id, title),
  FOREIGN KEY(channel_id) REFERENCES channels (channel_id) ON DELETE CASCADE
) WITHOUT ROWID, STRICT;
INSERT INTO "channel_titles" VALUES(1,'Дневник','2024-03-01T09:00:00Z','2024-03-01T09:00:00Z');
CREATE TABLE channels (
  /* The channels kept here, one row each. */
  channel_id INTEGER NOT NULL PRIMARY KEY,   /* Key within this archive. */
  title TEXT NOT NULL,                       /* Latest known title. */
  username TEXT,                             /* Public name without @; unknown from HTML exports. */
  telegram_id INTEGER,                       /* Bare id, without the Bot API's -100; unknown from HTML exports. */
  UNIQUE (telegram_id)
) STRICT;
INSERT INTO "channels" VALUES(1,'Дневник','diary',1500000001);
CREATE TABLE import_files (
  /* Files that an import read to their end; an unchanged one need not be read again. */
  import_id INTEGER NOT NULL,                /* The import. */
  path TEXT NOT NULL,                        /* Its place within the source. */
  digest TEXT NOT NULL,                      /* SHA-256 of its bytes, hexadecimal. */
  size INTEGER,                              /* Bytes. */
  PRIMARY KEY (import_id, path),
  FOREIGN KEY(import_id) REFERENCES imports (import_id) ON DELETE CASCADE
) WITHOUT ROWID, STRICT;
INSERT INTO "import_files" VALUES(1,'messages.html','abababababababababababababababababababababababababababababababab',NULL);
CREATE TABLE import_problems (
  /* Records that an import could not read; they never stop it. */
  import_problem_id INTEGER NOT NULL PRIMARY KEY, /* Key within this archive. */
  import_id INTEGER NOT NULL,                /* The import. */
  file TEXT NOT NULL,                        /* The file it stands in. */
  anchor TEXT NOT NULL,                      /* Where in that file. */
  reason TEXT NOT NULL,                      /* Why it could not be read. */
  FOREIGN KEY(import_id) REFERENCES imports (import_id) ON DELETE CASCADE
) STRICT;
CREATE TABLE imports (
  /* Every import, newest last. */
  import_id INTEGER NOT NULL PRIMARY KEY,    /* Key within this archive. */
  channel_id INTEGER NOT NULL,               /* The channel it was read into. */
  source TEXT NOT NULL,                      /* Path or name of what was read. */
  format TEXT NOT NULL,                      /* Kind of export. */
  options TEXT NOT NULL,                     /* How it was read, where that matters. */
  as_of TEXT NOT NULL,                       /* How recent the source is, UTC. */
  started_at TEXT NOT NULL,                  /* UTC. */
  finished_at TEXT,                          /* UTC; NULL: cut short, run it again. */
  added INTEGER DEFAULT 0 NOT NULL,          /* Posts that were new. */
  changed INTEGER DEFAULT 0 NOT NULL,        /* Posts about which something new was learned. */
  unchanged INTEGER DEFAULT 0 NOT NULL,      /* Posts that were known as they are. */
  missing INTEGER DEFAULT 0 NOT NULL,        /* Known posts that the source should hold and does not. */
  files_read INTEGER DEFAULT 0 NOT NULL,     /* Files read. */
  files_skipped INTEGER DEFAULT 0 NOT NULL,  /* Files known from an earlier import. */
  FOREIGN KEY(channel_id) REFERENCES channels (channel_id)
) STRICT;
INSERT INTO "imports" VALUES(1,1,'ChatExport_2024-03-10','desktop','','2024-03-11T09:00:00Z','2024-03-31T09:00:00Z','2024-03-31T09:00:00Z',3,0,0,0,1,0);
CREATE TABLE links (
  /* Where the posts link to. */
  link_id INTEGER NOT NULL PRIMARY KEY,      /* Key; a changed post gets new ones. */
  post_id INTEGER NOT NULL,                  /* The post it belongs to. */
  position INTEGER NOT NULL,                 /* Order of the link in the post, from 0. */
  kind TEXT NOT NULL,                        /* web, mention, invite or mail. */
  url TEXT NOT NULL,                         /* The complete address. */
  host TEXT NOT NULL,                        /* Lower-case host without www. */
  text TEXT NOT NULL,                        /* The words that carry the link. */
  UNIQUE (post_id, position),
  FOREIGN KEY(post_id) REFERENCES posts (post_id) ON DELETE CASCADE
) STRICT;
CREATE TABLE media (
  /* What is attached to the posts; files stay in the exports unless they are copied. */
  media_id INTEGER NOT NULL PRIMARY KEY,     /* Key; a changed post gets new ones. */
  post_id INTEGER NOT NULL,                  /* The post it belongs to. */
  position INTEGER NOT NULL,                 /* Order of the attachment in the post, from 0. */
  kind TEXT NOT NULL,                        /* photo, video, animation, video_message, voice, audio, file, sticker and more. */
  path TEXT,                                 /* File within its export; NULL: the export left it out. */
  title TEXT,                                /* File name, track, place or phone, as the source says. */
  size INTEGER,                              /* Bytes, rounded where the source rounds. */
  duration INTEGER,                          /* Seconds. */
  width INTEGER,                             /* Pixels. */
  height INTEGER,                            /* Pixels. */
  note TEXT,                                 /* Why the file is absent, in the source's words. */
  copy TEXT,                                 /* Copy of the file in media/ beside the archive; NULL: none. */
  UNIQUE (post_id, position),
  FOREIGN KEY(post_id) REFERENCES posts (post_id) ON DELETE CASCADE
) STRICT;
INSERT INTO "media" VALUES(1,1,0,'photo','photos/1.jpg',NULL,NULL,NULL,10,20,NULL,NULL);
CREATE TABLE poll_answers (
  /* The answers of polls. */
  post_id INTEGER NOT NULL,                  /* The post with the poll. */
  position INTEGER NOT NULL,                 /* Order of the answer in the post, from 0. */
  text TEXT NOT NULL,                        /* The answer. */
  voters INTEGER,                            /* How many chose it; NULL: hidden or not told. */
  PRIMARY KEY (post_id, position),
  FOREIGN KEY(post_id) REFERENCES polls (post_id) ON DELETE CASCADE
) WITHOUT ROWID, STRICT;
INSERT INTO "poll_answers" VALUES(3,0,'да',2);
CREATE TABLE polls (
  /* Polls, quizzes and to-do lists, one a post at most. */
  post_id INTEGER NOT NULL PRIMARY KEY,      /* The post it belongs to. */
  question TEXT NOT NULL,                    /* What is asked. */
  details TEXT NOT NULL,                     /* Line of type, such as Anonymous poll. */
  total_voters INTEGER,                      /* How many voted; NULL: not told. */
  FOREIGN KEY(post_id) REFERENCES posts (post_id) ON DELETE CASCADE
) STRICT;
INSERT INTO "polls" VALUES(3,'Да?','Anonymous poll',2);
CREATE TABLE post_hashtags (
  /* The hashtags of posts, each once a post. */
  post_id INTEGER NOT NULL,                  /* The post it belongs to. */
  tag TEXT NOT NULL,                         /* Folded: no #, lower case, NFKC, ё as е; the spelling stays in posts.text. */
  position INTEGER NOT NULL,                 /* Order of the tag in the post, from 0. */
  PRIMARY KEY (post_id, tag),
  FOREIGN KEY(post_id) REFERENCES posts (post_id) ON DELETE CASCADE
) WITHOUT ROWID, STRICT;
INSERT INTO "post_hashtags" VALUES(1,'sql',0);
CREATE TABLE post_versions (
  /* Earlier texts of posts whose words were edited. */
  post_version_id INTEGER NOT NULL PRIMARY KEY, /* Key within this archive. */
  post_id INTEGER NOT NULL,                  /* The post it belongs to. */
  as_of TEXT NOT NULL,                       /* UTC time of the latest source with it so. */
  text TEXT NOT NULL,                        /* Plain text as it read then. */
  entities TEXT NOT NULL,                    /* As posts.entities, for this text. */
  FOREIGN KEY(post_id) REFERENCES posts (post_id) ON DELETE CASCADE
) STRICT;
INSERT INTO "post_versions" VALUES(1,1,'2024-03-11T09:00:00Z','Первый пост','[]');
CREATE TABLE posts (
  /* The messages of the channels; nothing is ever deleted by an import. */
  post_id INTEGER NOT NULL PRIMARY KEY,      /* Key within this archive; never changes, is never given twice. */
  channel_id INTEGER NOT NULL,               /* The channel it stands in. */
  message_id INTEGER NOT NULL,               /* Telegram's number of it in the channel, as in t.me/channel/123. */
  kind TEXT NOT NULL,                        /* message, or service: a line Telegram wrote (pinned, title changed). */
  posted_at TEXT NOT NULL,                   /* When it was posted, UTC. */
  posted_precision TEXT NOT NULL,            /* second, or day where the source tells no time of day. */
  day TEXT GENERATED ALWAYS AS (substr(posted_at, 1, 10)) STORED, /* YYYY-MM-DD of posted_at, UTC. */
  month TEXT GENERATED ALWAYS AS (substr(posted_at, 1, 7)) STORED, /* YYYY-MM of posted_at, UTC. */
  edited_at TEXT,                            /* Edit time as told, UTC; reactions move it too: see post_versions. */
  author TEXT,                               /* Signature under it, where the channel signs posts. */
  via_bot TEXT,                              /* Inline bot it was sent with. */
  text TEXT NOT NULL,                        /* Plain text, exactly as the author wrote it. */
  entities TEXT NOT NULL,                    /* JSON: [{"kind", "start", "end", "value"}, …], in characters from 0. */
  reply_to INTEGER,                          /* message_id of the post it answers, in the same channel. */
  forwarded_from TEXT,                       /* Name of where it was first posted, if a repost. */
  forwarded_username TEXT,                   /* Public name of that place, without @. */
  forwarded_message_id INTEGER,              /* Number of the original there. */
  forwarded_at TEXT,                         /* When the original was posted, UTC. */
  album_id TEXT,                             /* Posts sent together as one album share it. */
  views INTEGER,                             /* Views at as_of; NULL: no source told. */
  reaction_count INTEGER,                    /* Sum of reactions.count at as_of; NULL: no source told. */
  missing_since TEXT,                        /* UTC time of the first export that lacks it. */
  as_of TEXT NOT NULL,                       /* UTC time of the newest source that has it. */
  seq INTEGER NOT NULL,                      /* Number of its last change, over all posts. */
  content_hash TEXT NOT NULL,                /* Digest of the post with all its parts; equal means unchanged. */
  UNIQUE (channel_id, message_id),
  UNIQUE (seq),
  FOREIGN KEY(channel_id) REFERENCES channels (channel_id),
  CHECK (kind IN ('message', 'service')),
  CHECK (posted_precision IN ('second', 'day'))
) STRICT;
INSERT INTO "posts" VALUES(1,1,1,'message','2024-03-02T09:00:00Z','second',NULL,NULL,NULL,'Первый пост, исправлен','[]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2024-03-21T09:00:00Z',4,'6b51f8966825a14172eb0c4b98930cf5');
INSERT INTO "posts" VALUES(2,1,2,'message','2024-03-03T09:00:00Z','second',NULL,NULL,NULL,'SELECT 1','[]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2024-03-11T09:00:00Z',2,'ac55280d4e22df9b5dbb893b0ccbe36a');
INSERT INTO "posts" VALUES(3,1,3,'message','2024-03-04T09:00:00Z','second',NULL,NULL,NULL,'Опрос','[]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,3,NULL,'2024-03-11T09:00:00Z',3,'669e7e28e0b59d9593a91d2417134602');
CREATE TABLE reactions (
  /* Reactions to posts, at the time of the newest source that shows them. */
  post_id INTEGER NOT NULL,                  /* The post it belongs to. */
  position INTEGER NOT NULL,                 /* Order of the reaction in the post, from 0. */
  emoji TEXT NOT NULL,                       /* The emoji; a star for paid reactions. */
  count INTEGER NOT NULL,                    /* How many gave it. */
  PRIMARY KEY (post_id, position),
  FOREIGN KEY(post_id) REFERENCES posts (post_id) ON DELETE CASCADE
) WITHOUT ROWID, STRICT;
INSERT INTO "reactions" VALUES(3,0,'👍',3);
CREATE TABLE snippets (
  /* Every piece of code in the posts. */
  snippet_id INTEGER NOT NULL PRIMARY KEY,   /* Key; a changed post gets new ones. */
  post_id INTEGER NOT NULL,                  /* The post it belongs to. */
  position INTEGER NOT NULL,                 /* Order of the snippet in the post, from 0. */
  origin TEXT NOT NULL,                      /* pre: a code block; inline: code in a line; detected: bare code, recognised. */
  language TEXT,                             /* Lower-case name such as python; NULL: not recognised. */
  language_source TEXT NOT NULL,             /* label: the author's word; rules: recognised by Letopis; unknown. */
  code TEXT NOT NULL,                        /* The code, without a trailing line break. */
  lines INTEGER NOT NULL,                    /* Number of lines of code. */
  start_offset INTEGER NOT NULL,             /* First character in posts.text, from 0. */
  end_offset INTEGER NOT NULL,               /* The character after its last one. */
  UNIQUE (post_id, position),
  FOREIGN KEY(post_id) REFERENCES posts (post_id) ON DELETE CASCADE,
  CHECK (language_source IN ('label', 'rules', 'unknown')),
  CHECK (origin IN ('pre', 'inline', 'detected'))
) STRICT;
INSERT INTO "snippets" VALUES(1,2,0,'pre','sql','label','SELECT 1',1,0,8);
CREATE INDEX posts_by_album ON posts (channel_id, album_id) WHERE album_id IS NOT NULL;
CREATE INDEX posts_by_forward ON posts (forwarded_from) WHERE forwarded_from IS NOT NULL;
CREATE INDEX posts_by_month ON posts (month, kind);
CREATE INDEX posts_by_reply ON posts (channel_id, reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX posts_by_time ON posts (kind, posted_at, message_id);
CREATE INDEX posts_missing ON posts (missing_since) WHERE missing_since IS NOT NULL;
CREATE INDEX post_versions_by_post ON post_versions (post_id, as_of);
CREATE INDEX post_hashtags_by_tag ON post_hashtags (tag, post_id);
CREATE INDEX snippets_by_language ON snippets (language, origin);
CREATE INDEX links_by_host ON links (host, kind);
CREATE INDEX media_by_kind ON media (kind);
CREATE INDEX reactions_by_emoji ON reactions (emoji);
CREATE INDEX imports_by_channel ON imports (channel_id);
CREATE INDEX import_files_by_digest ON import_files (digest);
CREATE INDEX import_problems_by_import ON import_problems (import_id);
CREATE VIEW archive AS
  /* What stands in the channels? The posts as a person reads them, without service lines. */
SELECT
  posts.post_id,                        /* Key, for joins with the tables. */
  channels.title AS channel,            /* Title of the channel. */
  posts.message_id,                     /* Telegram's number of the post. */
  posts.posted_at,                      /* UTC; sorts and compares as text. */
  posts.text,                           /* The whole text. */
  (SELECT group_concat('#' || tag, ' ') FROM
    (SELECT tag FROM post_hashtags WHERE post_id = posts.post_id ORDER BY position) AS ordered
  ) AS tags,                            /* As #one #two, in the order of the text. */
  (SELECT count(*) FROM snippets WHERE post_id = posts.post_id)
    AS snippets,                        /* How many pieces of code. */
  (SELECT count(*) FROM links WHERE post_id = posts.post_id)
    AS links,                           /* How many links. */
  (SELECT group_concat(kind, ' ') FROM
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
WHERE posts.kind = 'message';
CREATE VIEW code AS
  /* Which code is in the archive? Every snippet beside its post. */
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
FROM snippets JOIN archive USING (post_id);
CREATE VIEW hashtag_counts AS
  /* Which tags are in use? How often, since when, until when. */
SELECT
  post_hashtags.tag,                    /* Folded, without #. */
  count(*) AS posts,                    /* Posts that carry it. */
  min(posts.posted_at) AS first_at,     /* The first of them, UTC. */
  max(posts.posted_at) AS last_at       /* The last of them, UTC. */
FROM post_hashtags JOIN posts USING (post_id)
GROUP BY post_hashtags.tag;
CREATE VIEW monthly_counts AS
  /* How busy was each month? Without service lines. */
SELECT
  posts.month,                          /* YYYY-MM, UTC. */
  count(*) AS posts,                    /* All posts, reposts included. */
  count(posts.forwarded_from) AS reposts, /* Those from elsewhere. */
  count(coded.post_id) AS with_code     /* Those with a code block or recognised code. */
FROM posts LEFT JOIN
  (SELECT DISTINCT post_id FROM snippets WHERE origin <> 'inline' OR language IS NOT NULL) AS coded
  USING (post_id)
WHERE posts.kind = 'message'
GROUP BY posts.month;
CREATE VIEW reposts AS
  /* Whom do the channels repost? One row for each source. */
SELECT
  forwarded_from,                       /* Name of the source. */
  max(forwarded_username) AS username,  /* Its public name, where one is known. */
  count(*) AS posts,                    /* Reposts from it. */
  min(posted_at) AS first_at,           /* The first of them, UTC. */
  max(posted_at) AS last_at             /* The last of them, UTC. */
FROM posts
WHERE forwarded_from IS NOT NULL
GROUP BY forwarded_from;
CREATE VIEW link_hosts AS
  /* Where do the posts link to? One row for each site. */
SELECT
  links.host,                           /* Without www. */
  count(*) AS links,                    /* Links to it. */
  count(DISTINCT links.post_id) AS posts, /* Posts with such links. */
  min(posts.posted_at) AS first_at,     /* The first of them, UTC. */
  max(posts.posted_at) AS last_at       /* The last of them, UTC. */
FROM links JOIN posts USING (post_id)
WHERE links.kind = 'web'
GROUP BY links.host;
COMMIT;
PRAGMA application_id = 1279611969;
