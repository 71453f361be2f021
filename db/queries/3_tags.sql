-- top-tags: Which tags are used most?
-- :count = 5
SELECT tag, count(*) AS posts FROM post_hashtags
GROUP BY tag ORDER BY posts DESC, tag LIMIT :count;

-- posts-with-tag: Which posts carry a tag?
-- :tag = llm_system_design
SELECT archive.posted_at, archive.url, archive.text
FROM post_hashtags JOIN archive USING (post_id)
WHERE post_hashtags.tag = :tag ORDER BY archive.posted_at;

-- posts-with-two-tags: Which posts carry two tags at once?
-- :tag = ozon
-- :other = sql
SELECT archive.posted_at, archive.tags, substr(archive.text, 1, 40) AS beginning
FROM post_hashtags AS one JOIN post_hashtags AS two USING (post_id) JOIN archive USING (post_id)
WHERE one.tag = :tag AND two.tag = :other ORDER BY archive.posted_at;

-- tags-together: Which tags come together with a tag?
-- :tag = sql
SELECT other.tag, count(*) AS posts
FROM post_hashtags AS one JOIN post_hashtags AS other USING (post_id)
WHERE one.tag = :tag AND other.tag <> :tag
GROUP BY other.tag ORDER BY posts DESC, other.tag LIMIT 5;

-- tag-over-time: How often was a tag used each year?
-- :tag = sql
SELECT substr(posts.month, 1, 4) AS year, count(*) AS posts
FROM post_hashtags JOIN posts USING (post_id)
WHERE post_hashtags.tag = :tag GROUP BY year ORDER BY year;

-- forgotten-tags: Which tags are no longer used?
-- :since = 2024-02-01
-- scan
SELECT tag, posts, last_at FROM hashtag_counts
WHERE last_at < :since ORDER BY last_at DESC, tag LIMIT 5;

-- new-tags: Which tags are new?
-- :since = 2026-01-01
-- scan
SELECT tag, posts, first_at FROM hashtag_counts
WHERE first_at >= :since ORDER BY first_at, tag LIMIT 5;

-- untagged-posts: Which posts have no tag?
-- scan
SELECT message_id, posted_at, substr(text, 1, 40) AS beginning FROM archive
WHERE tags IS NULL ORDER BY posted_at DESC LIMIT 3;

-- channel-tags: Which tags does one channel use most?
-- :channel = Соседний канал
-- scan
SELECT tag, posts, first_at, last_at FROM channel_hashtag_counts
WHERE channel = :channel ORDER BY posts DESC, tag LIMIT 5;

-- channels: Which channels are kept, and how much of each?
-- scan
SELECT channels.title, count(*) AS posts, min(posts.posted_at) AS first_at,
  max(posts.posted_at) AS last_at
FROM channels JOIN posts USING (channel_id) GROUP BY channel_id ORDER BY posts DESC;
