-- word: Which posts contain these letters?
-- :word = пайплайн
-- scan
SELECT message_id, posted_at, substr(text, 1, 40) AS beginning FROM archive
WHERE text LIKE '%' || :word || '%' ORDER BY posted_at;

-- words: Which posts contain all these words, in any form?
-- :words = оконная функция
-- full text
SELECT posts.message_id, posts.posted_at, substr(posts.text, 1, 40) AS beginning
FROM posts_fts JOIN posts ON posts.post_id = posts_fts.rowid
WHERE posts_fts MATCH stem(:words) ORDER BY posts_fts.rank LIMIT 5;

-- beginning: Which posts contain a word with this beginning, and where?
-- :beginning = векторн
-- full text
SELECT posts.message_id, snippet(posts_fts, 0, '[', ']', '…', 6) AS found
FROM posts_fts JOIN posts ON posts.post_id = posts_fts.rowid
WHERE posts_fts MATCH 'text: "' || :beginning || '" *' ORDER BY posts.posted_at;

-- phrase: Which posts contain these words in a row?
-- :phrase = broadcast join
-- full text
SELECT posts.message_id, snippet(posts_fts, 0, '[', ']', '…', 6) AS found
FROM posts_fts JOIN posts ON posts.post_id = posts_fts.rowid
WHERE posts_fts MATCH 'text: "' || :phrase || '"' ORDER BY posts.posted_at;

-- words-with-tag: Which posts with a tag contain these words?
-- :tag = sql
-- :words = запросы
-- full text
SELECT posts.message_id, posts.posted_at, substr(posts.text, 1, 40) AS beginning
FROM posts_fts JOIN posts ON posts.post_id = posts_fts.rowid
JOIN post_hashtags USING (post_id)
WHERE posts_fts MATCH stem(:words) AND post_hashtags.tag = :tag ORDER BY posts_fts.rank LIMIT 5;
