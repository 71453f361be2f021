"""Where settings come from, which one wins, and what is refused."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stat import S_IMODE
from zoneinfo import ZoneInfo

import pytest

from bot.config import Access
from letopis.home import Home, default_home
from letopis.search_settings import SearchSettings, load_search_settings
from letopis.serve import read_bot_config, warn_of_open_files
from letopis.settings import Settings, load_settings
from model.errors import SettingsError

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFakeFak"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "BOT_TOKEN",
        "OWNERS",
        "ACCESS",
        "MEMBERS_OF",
        "BURST",
        "API_BASE_URL",
        "WEBHOOK_URL",
        "WEBHOOK_LISTEN",
        "WEBHOOK_SECRET",
        "LOG_LEVEL",
        "TZ",
        "INDEX__ENGINE",
        "OPENSEARCH_URL",
    ):
        monkeypatch.delenv(f"LETOPIS_{name}", raising=False)


def load(home: Path, *, toml: str = "", dotenv: str = "") -> Settings:
    """Load the settings of a home folder with these files."""
    (home / "letopis.toml").write_text(toml, encoding="utf-8")
    (home / ".env").write_text(dotenv, encoding="utf-8")
    return load_settings(home)


def test_zone_is_that_of_the_settings(tmp_path: Path) -> None:
    """Dates, days and hours are of the zone named; a zone that is none is refused."""
    settings = load(tmp_path, toml=f'bot_token = "{TOKEN}"\nowners = [1]\ntz = "Europe/Moscow"')
    assert settings.zone == ZoneInfo("Europe/Moscow")
    assert read_bot_config(Home(tmp_path), settings).zone == ZoneInfo("Europe/Moscow")
    assert load(tmp_path).zone is None
    with pytest.raises(SettingsError, match=r"setting_zone .*LETOPIS_TZ"):
        load(tmp_path, dotenv="LETOPIS_TZ=Mars")


def test_searches_validate_settings_only_where_there_are_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their defaults are those of all settings, and every source is noticed."""
    home = Home(tmp_path)
    defaults = load_settings(tmp_path)
    nothing_set = SearchSettings(engine=defaults.index.engine, zone=defaults.zone)
    monkeypatch.setenv("LETOPIS_LANG", "ru")
    assert load_search_settings(home) == nothing_set
    monkeypatch.setenv("letopis_tz", "UTC")
    assert load_search_settings(home).zone == ZoneInfo("UTC")
    monkeypatch.delenv("letopis_tz")
    home.settings.write_text('[index]\nengine = "tantivy"\n', "utf-8")
    assert load_search_settings(home).engine == "tantivy"
    home.settings.unlink()
    home.dotenv.write_text("LETOPIS_OWNERS=nobody", "utf-8")
    with pytest.raises(SettingsError, match="LETOPIS_OWNERS"):
        load_search_settings(home)


def test_cluster_is_that_of_the_settings(tmp_path: Path) -> None:
    """Its engine needs an address, which is refused or shown nowhere with its password."""
    toml = '[index]\nengine = "opensearch"\n'
    url = "https://user:secret@one:9200, http://two:9200/letopis"
    load(tmp_path, toml=toml, dotenv=f"LETOPIS_OPENSEARCH_URL={url}")
    settings = load_search_settings(Home(tmp_path))
    assert (settings.engine, settings.cluster) == ("opensearch", url)
    assert "hidden" not in repr(settings)
    with pytest.raises(SettingsError, match="setting_no_cluster") as refused:
        load(tmp_path, toml=toml)
    assert "setting_cluster" not in str(refused.value)
    for wrong in ("one:9200", "https://user:secret@", "https://one:secret", "http://one,ftp://x"):
        with pytest.raises(SettingsError, match="setting_cluster") as refused:
            load(tmp_path, toml=toml, dotenv=f"LETOPIS_OPENSEARCH_URL={wrong}")
        assert "secret" not in str(refused.value)
        assert "setting_no_cluster" not in str(refused.value)


def test_nothing_set_is_closed_to_everyone(tmp_path: Path) -> None:
    """Without settings there is no owner, no token, and the engine is chosen by size."""
    settings = load_settings(tmp_path / "absent")
    assert settings.owners == frozenset()
    assert settings.bot_token is None
    assert settings.index.engine == "auto"


def test_the_environment_wins_over_dotenv_and_dotenv_over_toml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearer source wins, setting by setting."""
    monkeypatch.setenv("LETOPIS_OWNERS", "1, 2,")
    settings = load(
        tmp_path,
        dotenv=f"LETOPIS_OWNERS=3\nLETOPIS_BOT_TOKEN={TOKEN}\n",
        toml='owners = [4]\nbot_token = "other"\nlog_level = "debug"\n[index]\nengine = "whoosh"\n',
    )
    assert settings.owners == {1, 2}
    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.log_level == "DEBUG"
    assert settings.index.engine == "whoosh"


def test_one_owner_may_be_a_bare_number(tmp_path: Path) -> None:
    """`owners = 7` in the settings file is one owner."""
    assert load(tmp_path, toml="owners = 7").owners == {7}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("-1001234567890", -1001234567890),
        ('"-1001234567890"', -1001234567890),
        ('"@zametki"', "@zametki"),
    ],
)
def test_a_channel_is_an_id_or_a_name(tmp_path: Path, written: str, read: int | str) -> None:
    """The channel whose members may search is named as Telegram names it."""
    settings = load(tmp_path, toml=f'access = "members"\nmembers_of = {written}')
    assert (settings.access, settings.members_of) == ("members", read)


def test_state_of_the_bot_may_be_on_a_server(tmp_path: Path) -> None:
    """Its database is named by a URL, whose password is shown nowhere; by default it is a file."""
    settings = load(tmp_path, toml='bot_url = "postgresql://letopis:hidden@db/bot"')

    assert str(settings.bot_server) == "postgresql://letopis@db/bot"
    assert "hidden" not in repr(settings)
    assert load(tmp_path).bot_server is None


@pytest.mark.parametrize("written", ['"@zametki, Data_1"', '["zametki", "@Data_1"]'])
def test_channels_to_fetch_are_names(tmp_path: Path, written: str) -> None:
    """With or without @, as a list or in one string; none by default."""
    toml = f'bot_token = "{TOKEN}"\nowners = [1]\n'
    settings = load(tmp_path, toml=f"{toml}fetch = {written}")
    assert read_bot_config(Home(tmp_path), settings).fetch == ("zametki", "Data_1")
    assert read_bot_config(Home(tmp_path), load(tmp_path, toml=toml)).fetch == ()


def test_a_watched_folder_may_be_in_the_users_own(tmp_path: Path) -> None:
    """None by default."""
    toml = f'bot_token = "{TOKEN}"\nowners = [1]\n'
    settings = load(tmp_path, toml=f'{toml}watch = "~/Sync"')
    assert read_bot_config(Home(tmp_path), settings).watch == str(Path("~/Sync").expanduser())
    assert read_bot_config(Home(tmp_path), load(tmp_path, toml=toml)).watch is None


def test_members_of_an_unknown_channel_are_nobody(tmp_path: Path) -> None:
    """Letting members in takes a channel; what the bot is told is what was set."""
    toml = f'owners = 7\nbot_token = "{TOKEN}"\naccess = "members"\n'
    with pytest.raises(SettingsError, match="no_members_of"):
        read_bot_config(Home(tmp_path), load(tmp_path, toml=toml))
    config = read_bot_config(Home(tmp_path), load(tmp_path, toml=f'{toml}members_of = "@zametki"'))
    assert (config.access, config.members_of) == (Access.MEMBERS, "@zametki")
    assert config.burst == 5
    assert config.upload_limit == 20 << 20


def test_the_token_is_in_no_representation(tmp_path: Path) -> None:
    """Printing the settings shows no secret."""
    settings = load(tmp_path, dotenv=f"LETOPIS_BOT_TOKEN={TOKEN}")
    assert TOKEN not in f"{settings!r} {settings} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    "url",
    [
        "https://bots.example.org",
        "http://127.0.0.1:8081",
        "http://127.8.8.8:1",
        "http://localhost:8081/",
        "http://[::1]:8081",
    ],
)
def test_a_server_is_https_or_on_this_machine(tmp_path: Path, url: str) -> None:
    """The token travels encrypted, or does not leave the machine."""
    assert load(tmp_path, toml=f'api_base_url = "{url}"').api_base_url == url.rstrip("/")


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ('api_base_url = "http://example.org"', "LETOPIS_API_BASE_URL"),
        ('webhook_url = "http://example.org"', "LETOPIS_WEBHOOK_URL"),
        ('webhook_url = "https://example.org:8080/bot"', "LETOPIS_WEBHOOK_URL"),
        ('webhook_url = "example.org"', "LETOPIS_WEBHOOK_URL"),
        ('webhook_listen = "8080"', "LETOPIS_WEBHOOK_LISTEN"),
        ('webhook_listen = "127.0.0.1:99999"', "LETOPIS_WEBHOOK_LISTEN"),
        ('webhook_listen = "127.0.0.1:http"', "LETOPIS_WEBHOOK_LISTEN"),
        ('webhook_secret = "short"', "LETOPIS_WEBHOOK_SECRET"),
        ('api_base_url = "http://192.168.0.7:8081"', "LETOPIS_API_BASE_URL"),
        ('api_base_url = "http://127.0.0.1.example.org"', "LETOPIS_API_BASE_URL"),
        ('api_base_url = "ftp://127.0.0.1"', "LETOPIS_API_BASE_URL"),
        ('api_base_url = "127.0.0.1:80"', "LETOPIS_API_BASE_URL"),
        ('api_base_url = "http://127.0.0.1:port"', "LETOPIS_API_BASE_URL"),
        ('api_base_url = "https://me:secret@example.org"', "LETOPIS_API_BASE_URL"),
        ('owners = "me"', r"setting_owners \(name=LETOPIS_OWNERS"),
        ('owners = "7, me"', "setting_owners"),
        ('bot_token = "abc"', "setting_token"),
        ('bot_url = "bot.db"', "LETOPIS_BOT_URL"),
        ('bot_url = "mysql://host/bot"', "LETOPIS_BOT_URL"),
        ('bot_url = "postgresql://user:secret@host"', "LETOPIS_BOT_URL"),
        ('bot_token = "123456789:AA BB"', r"setting_token \(name=LETOPIS_BOT_TOKEN"),
        ("owners = [-1001234567890]", "LETOPIS_OWNERS"),
        ("[index]\nengine = 'lucene'", "LETOPIS_INDEX__ENGINE"),
        ('access = "everybody"', "LETOPIS_ACCESS"),
        ("burst = -1", "LETOPIS_BURST"),
        ("upload_mb = 0", "LETOPIS_UPLOAD_MB"),
        ("members_of = 1234567890", "LETOPIS_MEMBERS_OF"),
        ('members_of = "t.me/zametki"', "LETOPIS_MEMBERS_OF"),
        ('fetch = "@zametki, t.me/x"', "LETOPIS_FETCH"),
        ("fetch = 5", "LETOPIS_FETCH"),
        ("owners = [", "settings_unreadable"),
        ("log_level = 3", "LETOPIS_LOG_LEVEL"),
        ("burts = 3\nownres = [1]", r"file=.*letopis\.toml, names=burts, ownres\)"),
        ('LETOPIS_TZ = "UTC"', r"no_such_setting .*names=LETOPIS_TZ\)"),
    ],
)
def test_a_refused_setting_is_named(tmp_path: Path, toml: str, named: str) -> None:
    """The message is one sentence, names the setting and shows no value."""
    with pytest.raises(SettingsError, match=named) as refusal:
        load(tmp_path, toml=toml)
    assert "\n" not in str(refusal.value)
    assert "me:secret" not in str(refusal.value)


def test_a_webhook_keeps_its_secret(tmp_path: Path) -> None:
    """Where none is given one is made, for the owner of the home alone, and kept."""
    home = Home(tmp_path)
    toml = f"""bot_token = "{TOKEN}"\nowners = [1]\nwebhook_url = "https://example.org/bot/" """

    first = read_bot_config(home, load(tmp_path, toml=toml)).webhook
    again = read_bot_config(home, load(tmp_path, toml=toml)).webhook

    assert first is not None
    assert first == again
    assert (first.host, first.port) == ("127.0.0.1", 8080)
    assert len(first.secret) >= 32
    assert first.secret not in repr(first) + first.address
    assert first.address.startswith("https://example.org/bot/")
    assert S_IMODE(home.webhook_secret.stat().st_mode) == 0o600


def test_a_webhook_has_one_secret_however_many_begin_at_once(tmp_path: Path) -> None:
    """Whoever comes while another writes the file waits for no half of it, and takes no other."""
    toml = f"""bot_token = "{TOKEN}"\nowners = [1]\nwebhook_url = "https://example.org/" """
    settings = load(tmp_path, toml=toml)
    for number in range(50):
        home = Home(tmp_path / str(number))
        start = threading.Barrier(4)

        def begin(home: Home = home, start: threading.Barrier = start) -> object:
            start.wait()
            return read_bot_config(home, settings).webhook

        with ThreadPoolExecutor(4) as threads:
            begun = [threads.submit(begin) for _ in range(4)]
            assert len({hook.result() for hook in begun}) == 1
        assert [path.name for path in home.folder.iterdir()] == [home.webhook_secret.name]


def test_a_webhook_takes_the_secret_and_the_place_given(tmp_path: Path) -> None:
    """Another place to listen at, and a secret of one's own."""
    secret = "x" * 32
    settings = load(
        tmp_path,
        dotenv=f"LETOPIS_BOT_TOKEN={TOKEN}\nLETOPIS_OWNERS=1\nLETOPIS_WEBHOOK_SECRET={secret}\n"
        "LETOPIS_WEBHOOK_URL=https://example.org:8443\nLETOPIS_WEBHOOK_LISTEN=[::1]:9000",
    )

    webhook = read_bot_config(Home(tmp_path), settings).webhook

    assert webhook is not None
    assert (webhook.secret, webhook.host, webhook.port) == (secret, "::1", 9000)
    assert not Home(tmp_path).webhook_secret.exists()
    assert secret not in f"{settings!r} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    ("name", "text", "mode", "is_told"),
    [
        ("letopis.toml", f'bot_token = "{TOKEN}"', 0o640, True),
        (".env", f"LETOPIS_BOT_TOKEN={TOKEN}", 0o604, True),
        (".env", f"LETOPIS_BOT_TOKEN={TOKEN}", 0o600, False),
        ("letopis.toml", "owners = [1]", 0o644, False),
    ],
    ids=["of the group", "of all", "of the owner", "no token"],
)
def test_a_token_that_others_can_read_is_told(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    name: str,
    text: str,
    mode: int,
    *,
    is_told: bool,
) -> None:
    """The warning names the file and what to do, and shows no token."""
    (tmp_path / name).write_text(text)
    (tmp_path / name).chmod(mode)

    warn_of_open_files(Home(tmp_path))

    assert (f"{name}: chmod 600 it" in caplog.text) is is_told
    assert TOKEN not in caplog.text


def test_the_default_home_is_the_platforms() -> None:
    """Nobody needs to name a folder."""
    assert default_home().name == "letopis"
