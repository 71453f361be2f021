"""`letopis browse` as a process: where it listens, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import product
from pathlib import Path

import httpx
import pytest

from letopis.home import Home
from tests.letopis.browse.chromium import Tab, find_chromium, open_tab, running_chromium
from tests.letopis.conftest import Run


@contextmanager
def served(home: Path, cache: Path) -> Iterator[str]:
    """Yield the address of the running command; it ends well at Ctrl-C."""
    process = subprocess.Popen(
        [sys.executable, "-m", "letopis", "--home", str(home), "browse", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LETOPIS_LANG": "en", "XDG_CACHE_HOME": str(cache)},
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        [address] = re.findall(r"http://127\.0\.0\.1:\d+/", said)
        yield address
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert (process.returncode, errors) == (0, "")
    finally:
        process.kill()
        process.communicate()


@pytest.mark.measured
@pytest.mark.slow
def test_the_command_serves_this_machine_until_it_is_stopped(browsed: Home, tmp_path: Path) -> None:
    """It names its address, answers there and nowhere else, and ends at Ctrl-C."""
    with served(browsed.folder, tmp_path) as address:
        answer = httpx.get(address)
        assert (answer.status_code, "server" in answer.headers) == (200, False)
        assert "Latest posts" in answer.text
        port = int(address.rstrip("/").rpartition(":")[2])
        others = {each[4][0] for each in socket.getaddrinfo(socket.gethostname(), port)}
        for other in others - {"127.0.0.1"}:
            with pytest.raises(OSError, match="refused"):
                socket.create_connection((str(other), port), timeout=1)


def test_a_taken_port_is_told(run: Run, named_home: Path) -> None:
    """Another one can be chosen."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = run("browse", "--port", str(port), home=named_home)
    assert outcome.code == 2
    assert f"Port {port} cannot be listened on" in outcome.err
    assert "--port" in outcome.err


def test_without_its_packages_the_command_says_what_to_install(
    run: Run, named_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, in place of a missing module."""
    monkeypatch.setitem(sys.modules, "datasette", None)
    outcome = run("browse", home=named_home)
    assert outcome.code == 2
    assert "letopis[browse]" in outcome.err


def test_without_an_archive_it_refuses(run: Run, tmp_path: Path) -> None:
    """As every command does."""
    assert run("browse", home=tmp_path / "none").code == 2


_PATHS = [
    "",
    "-/search?q=spark",
    "-/post/43",
    "archive",
    "archive/archive",
    "archive/code",
    "archive/posts/43",
    "archive?sql=select+1+as+n",
    "archive/query-posts-with-two-tags",
    "nothing",
]
# The least difference between a text and what is behind it, on a scale of 255, and where it is.
_CONTRAST = """
(() => {
    const light = (colour) => {
        const [r, g, b] = colour.match(/[\\d.]+/g).map(Number);
        return 0.299 * r + 0.587 * g + 0.114 * b;
    };
    const behind = (element) => {
        const colour = getComputedStyle(element).backgroundColor;
        const isClear = colour === "transparent" || /, 0\\)$/.test(colour);
        return isClear && element.parentElement ? behind(element.parentElement) : colour;
    };
    const hasText = (element) => [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    let least = [255, ""];
    const all = "body, body *:not(script, style, option, tg-spoiler)";
    for (const element of document.querySelectorAll(all)) {
        if (!element.checkVisibility() || !(hasText(element) || element.matches("input"))) continue;
        const found = Math.abs(light(getComputedStyle(element).color) - light(behind(element)));
        if (found < least[0]) least = [found, element.outerHTML.slice(0, 200)];
    }
    return least;
})()
"""


@pytest.mark.slow
@pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium on this machine")
async def test_pages_fit_a_phone_and_a_desk_by_day_and_by_night(
    browsed: Home, tmp_path: Path
) -> None:
    """Nothing is wider than the screen, text stands out, and no script fails."""
    with (
        served(browsed.folder, tmp_path / "cache") as address,
        running_chromium(tmp_path / "profile") as browser,
        closing(await open_tab(browser)) as tab,
    ):
        for path, width, scheme in product(_PATHS, (390, 1200), ("light", "dark")):
            await tab.open(f"{address}{path}", width=width, scheme=scheme)
            await _check(tab, scheme, where=f"/{path} {width} {scheme}")
        assert tab.failures == []


async def _check(tab: Tab, scheme: str, *, where: str) -> None:
    wide = await tab.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, where
    contrast, element = await tab.evaluate(_CONTRAST)
    assert contrast > 60, (where, element)
    page = await tab.evaluate("getComputedStyle(document.body).backgroundColor")
    is_light = min(map(int, re.findall(r"\d+", page))) > 200
    assert is_light == (scheme == "light"), where
