"""Saved pages of a channel's web preview, `t.me/s/name`, parsed with BeautifulSoup."""
