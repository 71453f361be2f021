"""The archive in a browser: Datasette, with a plugin for posts, their files and the search."""
