"""The command line, run in this process."""

from __future__ import annotations

import gc
import io
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from letopis.cli import main


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


class Stdin(io.TextIOWrapper):
    """A standard input of these bytes, piped or typed."""

    def __init__(self, data: bytes, *, is_typed: bool = False) -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8")
        self._is_typed = is_typed

    def isatty(self) -> bool:
        """Tell whether somebody types."""
        return self._is_typed


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs `letopis --home … ARG …` and returns its outcome."""
    for name in ("HOME", "BOT_TOKEN", "OWNERS", "API_BASE_URL", "DEBUG", "TZ", "LANG"):
        monkeypatch.delenv(f"LETOPIS_{name}", raising=False)
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def run_letopis(
        *args: str, home: Path | None = None, stdin: bytes = b"", typed: str | None = None
    ) -> Outcome:
        monkeypatch.setattr(
            sys, "argv", ["letopis", "--home", str(home or tmp_path / "home"), *args]
        )
        is_typed = typed is not None
        monkeypatch.setattr(
            sys, "stdin", Stdin(typed.encode() if typed is not None else stdin, is_typed=is_typed)
        )
        capsys.readouterr()
        gc.disable()  # a program does not pay for what others left behind, least of all in searches
        try:
            with pytest.raises(SystemExit) as end:
                main()
        finally:
            gc.enable()
        out, err = capsys.readouterr()
        return Outcome(
            code=end.value.code if isinstance(end.value.code, int) else 0, out=out, err=err
        )

    return run_letopis


@pytest.fixture
def empty_home(tmp_path: Path) -> Path:
    """Return a home folder with an archive that nothing was taken into yet."""
    from tests.new_databases import new_archive

    folder = tmp_path / "home"
    new_archive(folder / "archive.db").close()
    return folder


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home folder that holds the sample channel, for reading."""
    from contextlib import closing

    from db import open_archive
    from ingest import run_import
    from letopis.home import Home
    from letopis.sample import sample_export
    from search import open_index

    home = Home(tmp_path_factory.mktemp("sample"))
    with open_archive(home.archive) as store:
        run_import(store, sample_export())
        with closing(open_index(home.index, store)) as index:
            index.catch_up()
    return home.folder


@pytest.fixture(scope="session")
def named_home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home folder with the sample channel as @data_notes, and post 43 edited."""
    import shutil
    from contextlib import closing
    from dataclasses import replace
    from datetime import UTC, datetime

    from db import open_archive
    from letopis.home import Home
    from model.rich_text import RichText
    from search import open_index

    home = Home(tmp_path_factory.mktemp("named") / "home")
    shutil.copytree(sample_home, home.folder)
    with open_archive(home.archive) as store:
        [channel] = store.channels()
        store.name_channel(channel, username="data_notes")
        [post] = [each.post for each in store.newest(limit=1000) if each.post.message_id == 43]
        edited = replace(post, content=RichText(f"{post.text}\nДополнено: замер."))
        store.save(channel.channel_id, [edited], as_of=datetime(2027, 1, 1, tzinfo=UTC))
        with closing(open_index(home.index, store)) as index:
            index.catch_up()
    return home.folder


@pytest.fixture
def filled_home(sample_home: Path, tmp_path: Path) -> Path:
    """Return the home folder of `run` with the sample channel in it."""
    return shutil.copytree(sample_home, tmp_path / "home")
