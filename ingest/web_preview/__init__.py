"""Saved pages of a channel's web preview, `t.me/s/name`, read with BeautifulSoup."""
