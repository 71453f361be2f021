"""The commands that fill the archive and say what is in it."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from letopis.cli import main
from letopis.home import Home
from letopis.sample import sample_export
from tests.ingest.exports import broken as broken_message
from tests.ingest.exports import message, page, write_pages
from tests.ingest.test_copies import export
from tests.letopis.conftest import Run


def test_an_export_is_taken_in_and_searchable(run: Run, tmp_path: Path) -> None:
    """One command fills the archive and the index; the same again changes nothing."""
    first = run("ingest", str(sample_export()), "--json")
    report = json.loads(first.out)
    assert (first.code, report["added"], report["problems"]) == (0, 81, [])
    again = run("ingest", str(sample_export()))
    assert "added 0, changed 0, unchanged 81" in again.out
    assert "nothing new" in again.out
    assert json.loads(run("search", "кафка", "--json").out)["total"] >= 1
    with closing(sqlite3.connect(tmp_path / "home" / "archive.db")) as archive:
        assert archive.execute("SELECT count(*) FROM posts").fetchone() == (81,)


def test_a_dry_run_writes_nothing(run: Run, empty_home: Path) -> None:
    """`--dry-run` reports what would be and leaves the archive empty."""
    dry = run("ingest", "--dry-run", str(sample_export()), home=empty_home)
    assert ("would be added 81" in dry.out, dry.err) == (True, "")
    assert "The archive is empty" in run("stats", home=empty_home).out


def test_a_zone_moves_times(run: Run) -> None:
    """`--tz` wins over what the pages say."""
    run("ingest", str(sample_export()), "--tz", "UTC")
    hit = json.loads(run("search", "repartition", "--json").out)["hits"][0]
    assert hit["posted_at"] == "2024-02-01T10:45:50Z"


@pytest.mark.usefixtures("filled_home")
def test_an_export_is_dated_on_demand(run: Run, tmp_path: Path) -> None:
    """`--as-of` says when an export was made; what is no date is refused."""
    renamed = tmp_path / "export"
    renamed.symlink_to(sample_export())
    said = run("ingest", str(renamed), "--as-of", "2026-11-28")
    assert "note" not in said.out
    imports = json.loads(run("imports", "--json").out)
    assert [row["as_of"][:10] for row in imports] == ["2026-11-28", "2026-11-20"]
    assert run("ingest", str(renamed), "--as-of", "28.11.2026").code == 2


def test_media_are_copied_on_demand(run: Run, tmp_path: Path) -> None:
    """`--copy-media` keeps the files beside the archive, and says what is not there."""
    files = ("photos/a.jpg", "photos/none.jpg")
    messages = [
        {"id": number, "type": "message", "date_unixtime": "1709625600", "text": "", "photo": file}
        for number, file in enumerate((*files, "(File not included.)"), 1)
    ]
    chat = {"name": "Канал", "type": "public_channel", "id": 7, "messages": messages}
    (tmp_path / "photos").mkdir()
    (tmp_path / files[0]).write_bytes(b"picture")
    (tmp_path / "result.json").write_text(json.dumps(chat))
    outcome = run("ingest", "--copy-media", "--dry-run", str(tmp_path / "result.json"))
    assert "media: 1 would be copied, 1 missing" in outcome.out
    outcome = run("ingest", "--copy-media", str(tmp_path / "result.json"))
    assert (
        "media: 1 copied, 1 missing from the export, 1 not included in the export; "
        "such as photos/none.jpg (message 2)"
    ) in outcome.out
    [row] = json.loads(run("sql", "SELECT copy FROM media WHERE copy <> ''", "--json").out)
    assert (tmp_path / "home" / "media" / row["copy"]).read_bytes() == b"picture"


def test_changed_texts_are_shown(run: Run, tmp_path: Path) -> None:
    """A later export shows which words changed, and which of its pages were known."""
    pages = {
        "messages.html": page("".join(message(n, f"было {n}") for n in range(1, 13))),
        "messages2.html": page(message(13, "b")),
    }
    run("ingest", str(write_pages(tmp_path, pages)))
    changed = {"messages.html": pages["messages.html"].replace("было", "стало")}
    report = run("ingest", "--dry-run", str(write_pages(tmp_path, changed))).out
    assert "12 posts with another text:\n    #1: [-было-] {+стало+} 1\n" in report
    assert "    … and 2 more" in report
    assert "· 1 file in" in report


def test_problems_are_listed_again(run: Run, tmp_path: Path) -> None:
    """`imports --problems` tells what could not be read, for people and for programs."""
    broken = page(message(1, "a") + broken_message(2))
    run("ingest", str(write_pages(tmp_path, {"messages.html": broken})))
    assert "слова" not in run("imports").out
    assert "messages.html, message2: The message has no body. It says: слова" in (
        run("imports", "--problems").out
    )
    assert "problem_list" not in run("imports", "--json").out
    [row] = json.loads(run("imports", "--problems", "--json").out)
    assert (row["problems"], row["problem_list"][0]["anchor"]) == (1, "message2")


def test_only_the_first_problems_are_listed(run: Run, tmp_path: Path) -> None:
    """A page of bad messages is not a screen of them."""
    broken = page("".join(broken_message(number) for number in range(2, 32)))
    good = page(message(1, "a"))
    pages = {"messages.html": good, "messages2.html": broken}
    outcome = run("ingest", str(write_pages(tmp_path, pages)))
    assert outcome.out.count("problem in messages2.html") == 20
    assert "… and 10 more, all listed by letopis imports --problems" in outcome.out


def test_damage_is_told_and_the_rest_is_kept(run: Run, tmp_path: Path) -> None:
    """A page cut in the middle gives the posts it holds, a line about the cut, exit code 2."""
    page = (sample_export() / "messages.html").read_bytes()
    (tmp_path / "messages.html").write_bytes(page[: len(page) // 2])
    outcome = run("ingest", str(tmp_path / "messages.html"))
    assert outcome.code == 2
    assert "problem in messages.html" in outcome.out
    assert "added 0" not in outcome.out
    assert outcome.err.endswith(
        ".\nletopis: Damaged: messages.html. What could be read was kept; "
        "export the channel again to get the rest.\n"
    )
    assert json.loads(run("search", "sql", "--json").out)["total"] > 0


@pytest.mark.parametrize(
    ("content", "named"),
    [
        pytest.param(None, "cannot be read: No such file", id="no such folder"),
        pytest.param(b"", "empty", id="an empty file"),
        pytest.param(b"<html><p>hello</p></html>", "export", id="another page"),
        pytest.param("<title>Данные".encode("cp1251") * 90, "", id="another encoding"),
        pytest.param(b"\x00\xff" * 5000, "export", id="bytes"),
    ],
)
def test_what_is_no_export_is_refused_in_one_sentence(
    run: Run, empty_home: Path, tmp_path: Path, content: bytes | None, named: str
) -> None:
    """Bad input is one line on standard error and exit code 2."""
    path = tmp_path / "messages.html"
    if content is not None:
        path.write_bytes(content)
    outcome = run("ingest", str(path), home=empty_home)
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.count("\n") == 1
    assert named in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.measured
@pytest.mark.slow
def test_a_second_import_waits_for_the_first(empty_home: Path) -> None:
    """While one import writes, another says that it waits, and then does its work."""
    home = Home(empty_home)
    command = [sys.executable, "-m", "letopis", "--home", str(home.folder), "ingest"]
    with home.writing(wait=0, on_wait=lambda: None):
        second = subprocess.Popen(
            [*command, str(sample_export())], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert second.stderr is not None
        assert b"Another import is writing" in second.stderr.readline()
    out, _ = second.communicate(timeout=60)
    assert (second.returncode, b"added 81" in out) == (0, True)


def test_tags_are_counted_by_prefix(run: Run, sample_home: Path) -> None:
    """A prefix may be written with its mark and in any case."""
    tags = json.loads(run("tags", "#LLM", "--json", home=sample_home).out)
    assert {tag["tag"] for tag in tags} >= {"llm", "llm_system_design"}
    assert all(tag["tag"].startswith("llm") for tag in tags)


def test_the_index_is_built_anew_on_demand(run: Run, sample_home: Path, tmp_path: Path) -> None:
    """`reindex` says with which engine and how many posts; a chosen engine is kept to."""
    home = tmp_path / "copy"
    shutil.copytree(sample_home, home)
    assert run("reindex", home=home).out == "The index was rebuilt with whoosh: 81 posts.\n"
    said = run("reindex", "--engine", "tantivy", home=home).out
    assert said == "The index was rebuilt with tantivy: 81 posts.\n"
    assert "index: in order (tantivy)" in run("doctor", home=home).out
    assert run("search", "repartition", home=home).err == ""
    assert "with whoosh" in run("reindex", "--engine", "auto", home=home).out
    assert run("reindex", "--engine", "lucene", home=home).code == 2


def test_an_engine_of_the_settings_is_not_overruled(
    run: Run, sample_home: Path, tmp_path: Path
) -> None:
    """Where the settings name an engine, the command says where to change that."""
    home = tmp_path / "copy"
    shutil.copytree(sample_home, home)
    (home / "letopis.toml").write_text("[index]\nengine = 'whoosh'\n")
    assert run("reindex", "--engine", "whoosh", home=home).code == 0
    refused = run("reindex", "--engine", "tantivy", home=home)
    assert refused.code == 2
    assert "letopis.toml" in refused.err


@pytest.mark.slow
def test_an_index_built_anew_is_told_of_once(run: Run, sample_home: Path, tmp_path: Path) -> None:
    """A damaged index is mended by the next command, which says so; the doctor says so too."""
    home = tmp_path / "copy"
    shutil.copytree(sample_home, home)
    sentence = "The search index was damaged and has been rebuilt from the archive."
    (home / "index" / "CURRENT").write_text("junk")
    outcome = run("search", "repartition", home=home)
    assert (outcome.code, outcome.err) == (0, f"{sentence}\n")
    assert run("search", "repartition", home=home).err == ""
    (home / "index" / "CURRENT").write_text("junk")
    assert f"index: {sentence}\nindex: in order (whoosh)" in run("doctor", home=home).out
    assert sentence not in run("doctor", home=home).out


def test_a_channel_that_is_not_there_is_told(run: Run, sample_home: Path, empty_home: Path) -> None:
    """Of a mistyped channel it is said which there are, not that the post is missing."""
    for command in ("show", "similar"):
        outcome = run(command, "45", "--channel", "@notes", home=sample_home)
        assert outcome.code == 2
        assert "The archive holds no channel “@notes”. It holds: Данные на заметку." in outcome.err
    assert "It holds: —." in run("show", "45", "--channel", "@notes", home=empty_home).err


def test_a_channel_needs_a_name(run: Run, empty_home: Path) -> None:
    """An empty one, as a script may give, is refused and makes no channel."""
    outcome = run("ingest", str(sample_export()), "--channel", " ", home=empty_home)
    assert (outcome.code, "--channel is empty" in outcome.err) == (2, True)
    assert "The archive is empty" in run("stats", home=empty_home).out


def test_one_post_is_shown_whole(run: Run, sample_home: Path) -> None:
    """A post is found by its number, for people and for programs."""
    shown = run("show", "45", home=sample_home)
    assert "Данные на заметку #45 · 2024-02-01T07:45:50Z" in shown.out
    assert 'joined.coalesce(16).write.mode("overwrite")' in shown.out
    post = json.loads(run("show", "45", "--json", home=sample_home).out)["post"]
    assert post["hashtags"] == ["spark"]
    repost = next(iter(json.loads(run("sql", REPOST, "--json", home=sample_home).out)))
    assert "reposted from" in run("show", str(repost["message_id"]), home=sample_home).out
    assert run("show", "99999", home=sample_home).code == 2


REPOST = "SELECT message_id FROM posts WHERE forwarded_from IS NOT NULL LIMIT 1"


@pytest.mark.usefixtures("filled_home")
def test_a_post_of_two_channels_needs_its_channel(run: Run, tmp_path: Path) -> None:
    """The message names the channels, and `--channel` chooses."""
    run("ingest", str(sample_export()), "--channel", "@other_notes")
    shutil.copytree(sample_export(), tmp_path / "export")
    page = tmp_path / "export" / "messages.html"
    page.write_text(page.read_text("utf-8").replace("Данные на заметку", "Другие"), "utf-8")
    run("ingest", str(tmp_path / "export"))
    ambiguous = run("show", "45")
    assert ambiguous.code == 2
    assert "--channel" in ambiguous.err
    shown = run("show", "45", "--channel", "@other_notes")
    assert "https://t.me/other_notes/45" in shown.out


def test_sql_reads_and_never_writes(run: Run, sample_home: Path) -> None:
    """Rows come as a table or as JSON; a statement that writes is refused."""
    assert "45" in run("sql", "SELECT 45 AS n, NULL AS m", home=sample_home).out
    rows = run("sql", "SELECT message_id AS n FROM posts", "--limit", "2", home=sample_home)
    assert "more rows" in rows.out
    outcome = run("sql", "DELETE FROM posts", home=sample_home)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)


def test_a_copy_is_a_whole_archive(run: Run, sample_home: Path, tmp_path: Path) -> None:
    """`export` writes a new file and never over one."""
    target = tmp_path / "copy.db"
    assert run("export", str(target), home=sample_home).code == 0
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT count(*) FROM posts").fetchone() == (81,)
    assert run("export", str(target), home=sample_home).code == 2


def test_the_version_is_told(run: Run) -> None:
    """Who reports a fault can say of what."""
    assert re.fullmatch(r"letopis \d+\.\d+\.\d+\n", run("--version").out)


def test_a_statement_may_begin_with_a_comment(run: Run, empty_home: Path) -> None:
    """What has blanks in it is no option; options are found on either side of it."""
    done = run("sql", "-- one\nSELECT 1 AS n", "--json", home=empty_home)
    assert json.loads(done.out) == [{"n": 1}]
    assert run("sql", "SELECT 1", "--limt", "3", home=empty_home).code == 2


def test_the_doctor_finds_what_is_wrong(run: Run, sample_home: Path, tmp_path: Path) -> None:
    """A sound archive is in order; a broken reference is named, with exit code 1."""
    assert "archive: in order, 77 posts" in run("doctor", home=sample_home).out
    home = tmp_path / "copy"
    shutil.copytree(sample_home, home)
    with closing(sqlite3.connect(home / "archive.db")) as archive, archive:
        archive.execute("UPDATE posts SET channel_id = 77 WHERE message_id = 45")
    broken = run("doctor", home=home)
    assert broken.code == 1
    assert "channels" in broken.out
    told = run("doctor", "--json", home=home)
    found = json.loads(told.out)
    assert (told.code, found["well"]) == (1, False)
    assert found["archive"]["damage"][0].keys() == {"code", "fields"}


def test_the_doctor_names_what_other_programs_made(
    run: Run, sample_home: Path, tmp_path: Path
) -> None:
    """What is harmless is no fault; what keeps the archive from being written is one."""
    home = tmp_path / "copy"
    shutil.copytree(sample_home, home)
    with closing(sqlite3.connect(home / "archive.db")) as archive:
        archive.executescript("CREATE TABLE notes (body); CREATE INDEX by_author ON posts (author)")
    said = run("doctor", home=home)
    assert "archive: made by other programs, left alone: table notes, index by_author" in said.out
    assert (said.code, "archive: in order" in said.out) == (0, True)
    with closing(sqlite3.connect(home / "archive.db")) as archive:
        archive.executescript(
            "CREATE TRIGGER log AFTER INSERT ON posts BEGIN DELETE FROM links; END"
        )
    said = run("doctor", home=home)
    assert (
        "archive: Nothing is written to archive.db because of the trigger log on posts" in said.out
    )
    assert said.code == 1


@pytest.mark.parametrize(
    "command",
    [
        ("ingest", str(sample_export())),
        ("search", "кафка"),
        ("show", "1"),
        ("sql", "SELECT 1"),
        *[(name,) for name in ("tags", "stats", "imports", "doctor", "reindex")],
        ("export", "copy.db"),
    ],
    ids=lambda command: command[0],
)
def test_an_empty_file_is_said_to_be_no_archive(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """What a killed copy left behind is not taken for an archive of no posts by any command."""
    archive = tmp_path / "home" / "archive.db"
    archive.parent.mkdir()
    archive.touch()
    said = run(*command)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"letopis: {archive} is empty (0 bytes), so it is not a database;")
    assert archive.read_bytes() == b""


def test_one_bad_export_does_not_keep_the_others_out(
    run: Run, empty_home: Path, tmp_path: Path
) -> None:
    """Of several exports each is read or refused by itself; the exit code tells of a refusal."""
    (tmp_path / "notes").mkdir()
    outcome = run("ingest", str(tmp_path / "notes"), str(sample_export()), home=empty_home)
    assert outcome.code == 2
    assert outcome.err.startswith(f"letopis: {tmp_path / 'notes'} is not a Telegram export: ")
    assert "added 81" in outcome.out
    assert run("search", "repartition", "--json", home=empty_home).err == ""


def test_the_doctor_looks_for_copies(run: Run, tmp_path: Path) -> None:
    """Copies of files that are there are counted; those that are not are named, with a way back."""
    folder = export(tmp_path / "export", **{f"p{n}": b"jpg%d" % n for n in range(22)})
    run("ingest", str(folder), "--copy-media")
    assert "media: in order, 22 copies (by their sizes; --thorough reads" in run("doctor").out
    assert "media: in order, 22 copies (read to the end)" in run("doctor", "--thorough").out
    first, *rest = sorted((tmp_path / "home" / "media").rglob("*.jpg"))
    first.unlink()
    lost = run("doctor")
    assert lost.code == 1
    assert f"media: {first} (#" in lost.out
    assert "of Канал) is gone\nmedia: 22 copies, 1 gone, 0 damaged; to bring them" in lost.out
    for path in rest:
        path.write_bytes(b"junk")
    spoilt = run("doctor", "--thorough").out
    assert "is damaged: delete it" in spoilt
    assert "media: … and 2 more\nmedia: 22 copies, 1 gone, 21 damaged;" in spoilt


def test_one_copy_is_one(run: Run, empty_home: Path, tmp_path: Path) -> None:
    """A single copy is counted as one, and an archive without any says nothing of them."""
    assert "media" not in run("doctor", home=empty_home).out
    run("ingest", str(export(tmp_path / "export", one=b"jpg")), "--copy-media")
    assert "media: in order, 1 copy (" in run("doctor").out


def test_a_refused_setting_is_one_sentence(run: Run, sample_home: Path, tmp_path: Path) -> None:
    """A wrong settings file is named."""
    home = tmp_path / "copy"
    shutil.copytree(sample_home, home)
    (home / "letopis.toml").write_text("[index]\nengine = 'lucene'\n")
    outcome = run("search", "кафка", home=home)
    assert outcome.code == 2
    assert "LETOPIS_INDEX__ENGINE" in outcome.err


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        pytest.param({}, "LETOPIS_BOT_TOKEN", id="no token"),
        pytest.param({"BOT_TOKEN": "1:x"}, "LETOPIS_OWNERS", id="no owners"),
        pytest.param(
            {"BOT_TOKEN": "1:x", "OWNERS": "7", "API_BASE_URL": "http://10.0.0.1"},
            "LETOPIS_API_BASE_URL",
            id="a server in the open",
        ),
    ],
)
def test_a_bot_that_cannot_start_says_why(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    named: str,
) -> None:
    """What is missing is named with its setting; the exit code is 2, and no home is made."""
    for name, value in environment.items():
        monkeypatch.setenv(f"LETOPIS_{name}", value)
    outcome = run("bot")
    assert outcome.code == 2
    assert named in outcome.err
    assert outcome.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_fault_is_one_sentence_unless_asked_for(
    run: Run,
    sample_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A bug shows no traceback to a person, and all of it with LETOPIS_DEBUG."""
    run("where", home=sample_home)
    monkeypatch.setattr(sys, "argv", [*sys.argv[:3], "search", "-"])
    monkeypatch.setattr(sys, "stdin", None)  # what no terminal and no pipe can do
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 1
    assert capsys.readouterr().err.count("\n") == 1
    monkeypatch.setenv("LETOPIS_DEBUG", "1")
    with pytest.raises(AttributeError):
        main()
