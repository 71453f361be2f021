-- languages: Which languages is the code in?
SELECT language, count(*) AS snippets FROM snippets
WHERE language IS NOT NULL GROUP BY language ORDER BY snippets DESC, language;

-- code: Which code in a language contains these letters?
-- :language = python
-- :word = groupby
-- scan
SELECT posted_at, lines, code FROM code
WHERE language = :language AND code LIKE '%' || :word || '%' ORDER BY lines DESC LIMIT 2;

-- code-of-post: Which code is in a post?
-- :number = 6
SELECT snippets.language, snippets.lines, snippets.code
FROM channels CROSS JOIN posts USING (channel_id) JOIN snippets USING (post_id)
WHERE posts.message_id = :number AND snippets.origin <> 'inline' ORDER BY snippets.position;

-- longest-code: Which snippets are the longest?
-- scan
SELECT posts.message_id, snippets.language, snippets.lines
FROM snippets JOIN posts USING (post_id) ORDER BY snippets.lines DESC, snippets.snippet_id LIMIT 3;

-- top-hosts: Which sites are linked most?
SELECT host, count(*) AS links FROM links WHERE kind = 'web'
GROUP BY host ORDER BY links DESC, host LIMIT 5;

-- links-to-host: Which links lead to a site, and where do they stand?
-- :host = arxiv.org
SELECT archive.posted_at, archive.message_id, links.url
FROM links JOIN archive USING (post_id) WHERE links.host = :host ORDER BY archive.posted_at;

-- repeated-links: Which addresses were posted more than once?
-- scan
SELECT url, count(DISTINCT post_id) AS posts FROM links
WHERE kind = 'web' GROUP BY url HAVING posts > 1 ORDER BY posts DESC, url LIMIT 5;

-- media: What is attached to the posts?
SELECT kind, count(*) AS attachments FROM media GROUP BY kind ORDER BY attachments DESC, kind;

-- posts-with-media: Which posts have a photo, video or file?
-- :kind = photo
SELECT archive.posted_at, archive.message_id, media.path, media.note
FROM media JOIN archive USING (post_id)
WHERE media.kind = :kind ORDER BY media.media_id DESC LIMIT 5;

-- largest-files: Which attached files are the largest?
-- scan
SELECT posts.message_id, media.kind, media.title, media.size
FROM media JOIN posts USING (post_id) WHERE media.size IS NOT NULL
ORDER BY media.size DESC LIMIT 3;

-- albums: Which posts were sent as albums?
-- scan
SELECT channel, message_id, posts, text FROM albums ORDER BY posted_at DESC LIMIT 3;

-- formatted-words: Which words of a post are bold?
-- :number = 6
SELECT substr(posts.text, span.value ->> 'start' + 1,
    span.value ->> 'end' - span.value ->> 'start') AS words
FROM channels CROSS JOIN posts USING (channel_id), json_each(posts.entities) AS span
WHERE posts.message_id = :number AND span.value ->> 'kind' = 'bold';
