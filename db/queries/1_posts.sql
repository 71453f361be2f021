-- latest-posts: What was posted last?
-- :count = 3
SELECT posted_at, tags, text FROM archive ORDER BY posted_at DESC LIMIT :count;

-- post-by-number: What does a post say?
-- :number = 45
SELECT archive.channel, archive.posted_at, archive.tags, archive.url, archive.text
FROM channels CROSS JOIN posts USING (channel_id) CROSS JOIN archive USING (post_id)
WHERE posts.message_id = :number;

-- posts-of-a-day: What was posted on a day?
-- :day = 2024-02-01
SELECT message_id, posted_at, text FROM archive
WHERE posted_at >= :day AND posted_at < date(:day, '+1 day') ORDER BY posted_at;

-- posts-of-a-month: Which posts are of a month?
-- :month = 2026-11
SELECT message_id, posted_at, tags, text FROM archive
WHERE posted_at >= :month AND posted_at < date(:month || '-01', '+1 month') ORDER BY posted_at;

-- busiest-months: Which months were the busiest?
-- :count = 5
SELECT month, count(*) AS posts FROM posts WHERE +kind = 'message'
GROUP BY month ORDER BY posts DESC, month DESC LIMIT :count;

-- months: How much was posted month by month, how much of it reposts or code?
-- :since = 2026-06
-- scan
SELECT month, posts, reposts, with_code FROM monthly_counts WHERE month >= :since ORDER BY month;

-- weekdays: On which days of the week are posts written?
-- scan
SELECT strftime('%w', posted_at) AS weekday, count(*) AS posts
FROM posts WHERE kind = 'message' GROUP BY weekday ORDER BY weekday;

-- hours: At which hours (UTC) are posts written?
-- scan
SELECT substr(posted_at, 12, 2) AS hour, count(*) AS posts
FROM posts WHERE kind = 'message' AND posted_precision = 'second'
GROUP BY hour ORDER BY posts DESC, hour LIMIT 5;

-- on-this-day: What was posted on this day in other years?
-- :day = 11-19
-- scan
SELECT posted_at, text FROM archive WHERE substr(posted_at, 6, 5) = :day ORDER BY posted_at;

-- pauses: When was nothing posted for longest?
-- scan
SELECT earlier AS last_post, posted_at AS next_post,
  CAST(julianday(posted_at) - julianday(earlier) AS INTEGER) AS days
FROM (
  SELECT posted_at, lag(posted_at) OVER (ORDER BY posted_at) AS earlier
  FROM posts WHERE kind = 'message')
WHERE earlier IS NOT NULL ORDER BY days DESC LIMIT 3;

-- longest-posts: Which posts are the longest?
-- scan
SELECT message_id, length(text) AS characters, substr(text, 1, 40) AS beginning
FROM posts WHERE kind = 'message' ORDER BY characters DESC LIMIT 3;

-- authors: Who signs the posts?
-- scan
SELECT author, count(*) AS posts, max(posted_at) AS last_at
FROM posts WHERE kind = 'message' GROUP BY author ORDER BY posts DESC, author;
