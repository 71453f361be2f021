-- top-sources: Whom do the channels repost most?
SELECT forwarded_from, count(*) AS posts FROM posts WHERE forwarded_from IS NOT NULL
GROUP BY forwarded_from ORDER BY posts DESC, forwarded_from LIMIT 5;

-- reposts-from: What was reposted from a source?
-- :source = Костя
SELECT message_id, posted_at, forwarded_at, text FROM posts
WHERE forwarded_from = :source ORDER BY posted_at;

-- most-liked: What did readers like most?
-- scan
SELECT message_id, reaction_count, substr(text, 1, 40) AS beginning
FROM posts WHERE kind = 'message' ORDER BY reaction_count DESC LIMIT 3;

-- reactions: Which reactions are given?
-- scan
SELECT emoji, sum(count) AS given, count(*) AS posts FROM reactions
GROUP BY emoji ORDER BY given DESC, emoji LIMIT 5;

-- polls: What was asked in polls, and what was answered most?
-- scan
SELECT archive.message_id, polls.question, polls.total_voters, (
    SELECT text FROM poll_answers WHERE post_id = polls.post_id ORDER BY voters DESC LIMIT 1
  ) AS answer
FROM polls JOIN archive USING (post_id) ORDER BY archive.posted_at;

-- answers: What answers a post?
-- :number = 42
SELECT answer.message_id, answer.posted_at, answer.text
FROM channels CROSS JOIN posts AS answer USING (channel_id)
WHERE answer.reply_to = :number ORDER BY answer.posted_at;

-- thread: What answers a post, and what answers those answers?
-- :number = 201
WITH RECURSIVE thread (channel_id, message_id, depth) AS (
  SELECT channel_id, message_id, 0
  FROM channels CROSS JOIN posts USING (channel_id) WHERE message_id = :number
  UNION
  SELECT posts.channel_id, posts.message_id, thread.depth + 1
  FROM thread CROSS JOIN posts
    ON posts.channel_id = thread.channel_id AND posts.reply_to = thread.message_id)
SELECT thread.depth, posts.message_id, posts.text
FROM thread CROSS JOIN posts USING (channel_id, message_id) ORDER BY posts.posted_at;

-- most-answered: Which posts have most answers?
SELECT channels.title, posts.reply_to AS message_id, count(*) AS answers
FROM posts JOIN channels USING (channel_id) WHERE posts.reply_to IS NOT NULL
GROUP BY posts.channel_id, posts.reply_to ORDER BY answers DESC, message_id LIMIT 3;

-- edits: What was edited, and how did it read before?
-- scan
SELECT message_id, as_of, before, after FROM edits ORDER BY as_of DESC LIMIT 3;

-- history-of-post: How did a post read before?
-- :number = 72
SELECT post_versions.as_of, post_versions.text
FROM channels CROSS JOIN posts USING (channel_id) JOIN post_versions USING (post_id)
WHERE posts.message_id = :number ORDER BY post_versions.as_of;

-- missing-posts: What was deleted from the channels?
SELECT message_id, missing_since, substr(text, 1, 40) AS beginning
FROM missing_posts ORDER BY missing_since DESC LIMIT 5;

-- imports: What did the latest imports bring?
SELECT import_id, as_of, format, added, changed, unchanged, missing FROM imports
ORDER BY import_id DESC LIMIT 5;

-- import-problems: What could not be read?
SELECT imports.import_id, import_problems.file, import_problems.anchor, import_problems.reason
FROM import_problems JOIN imports USING (import_id)
ORDER BY import_problems.import_problem_id DESC LIMIT 5;
