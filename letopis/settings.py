"""Settings from the environment, a `.env` file and `letopis.toml`, in this order of precedence."""

import re
from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from letopis.addresses import (
    Refused,
    check_base_url,
    check_cluster_urls,
    check_webhook_url,
    parse_place,
)
from letopis.home import Home
from model.addresses import ServerAddress, parse_server
from model.errors import SettingsError, UsageError
from model.messages import Code, Message
from model.zones import parse_zone

_CHANNEL = re.compile(r"-100\d{5,13}|@[A-Za-z]\w{3,31}", re.ASCII)

_USERNAME = re.compile(r"@?([A-Za-z]\w{3,31})", re.ASCII)
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+", re.ASCII)
_NUMBER = re.compile(r"-?\d+", re.ASCII)
_SECRET = re.compile(r"[A-Za-z0-9_-]{32,256}", re.ASCII)

_REASONS = {
    "extra_forbidden": (Code.SETTING_UNKNOWN, "", ""),
    "greater_than_equal": (Code.SETTING_LEAST, "least", "ge"),
    "int_parsing": (Code.SETTING_NUMBER, "", ""),
    "less_than_equal": (Code.SETTING_MOST, "most", "le"),
    "literal_error": (Code.SETTING_CHOICE, "expected", "expected"),
}
"""Pydantic's error types: the message for each, and the context fields it uses."""


class IndexSettings(BaseModel):
    """The `[index]` table: which engine answers searches."""

    model_config = ConfigDict(extra="forbid")

    engine: Literal["auto", "whoosh", "tantivy", "opensearch"] = "auto"


class Settings(BaseSettings):
    """All settings; each is also read from `LETOPIS_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="LETOPIS_", env_nested_delimiter="__", env_ignore_empty=True, extra="ignore"
    )

    archive_url: SecretStr | None = None
    bot_url: SecretStr | None = None
    bot_token: SecretStr | None = None
    owners: Annotated[frozenset[int], NoDecode] = frozenset()
    access: Literal["owners", "members", "public"] = "owners"
    members_of: int | str | None = None
    burst: Annotated[int, Field(ge=0)] = 5
    tz: str | None = None
    upload_mb: Annotated[int, Field(ge=1, le=2000)] = 20
    api_base_url: str | None = None
    fetch: Annotated[tuple[str, ...], NoDecode] = ()
    watch: Path | None = None
    copy_media: Literal["no", "photos", "all"] = "no"
    webhook_url: str | None = None
    webhook_listen: str = "127.0.0.1:8080"
    webhook_secret: SecretStr | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    opensearch_url: SecretStr | None = None
    index: IndexSettings = Field(default_factory=IndexSettings, validate_default=True)

    @field_validator("archive_url", "bot_url")
    @classmethod
    def _refuse_no_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            try:
                parse_server(value.get_secret_value())
            except ValueError as exc:
                raise Refused(Code.SETTING_SERVER) from exc
        return value

    @field_validator("bot_token")
    @classmethod
    def _refuse_no_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and _TOKEN.fullmatch(value.get_secret_value()) is None:
            raise Refused(Code.SETTING_TOKEN)
        return value

    @field_validator("owners", mode="before")
    @classmethod
    def _split_owners(cls, value: Any) -> Any:
        if isinstance(value, str):
            parts = [part.strip() for part in value.split(",") if part.strip()]
            if not all(map(_NUMBER.fullmatch, parts)):
                raise Refused(Code.SETTING_OWNERS)
            return parts
        return [value] if isinstance(value, int) else value

    @field_validator("owners")
    @classmethod
    def _refuse_chats(cls, value: frozenset[int]) -> frozenset[int]:
        if any(owner <= 0 for owner in value):
            raise Refused(Code.SETTING_OWNERS)
        return value

    @field_validator("members_of")
    @classmethod
    def _refuse_people(cls, value: int | str | None) -> int | str | None:
        if value is None:
            return None
        if _CHANNEL.fullmatch(str(value)) is None:
            raise Refused(Code.SETTING_MEMBERS_OF)
        return value if isinstance(value, str) and value[0] == "@" else int(value)

    @field_validator("fetch", mode="before")
    @classmethod
    def _split_names(cls, value: Any) -> Any:
        parts = value if isinstance(value, (list, tuple)) else str(value).split(",")
        names = [_USERNAME.fullmatch(str(part).strip()) for part in parts]
        if not all(names):
            raise Refused(Code.SETTING_FETCH)
        return tuple(name[1] for name in names if name)

    @field_validator("tz")
    @classmethod
    def _refuse_no_zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                parse_zone(value)
            except UsageError as exc:
                raise Refused(Code.SETTING_ZONE) from exc
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @field_validator("api_base_url")
    @classmethod
    def _refuse_open_http(cls, value: str | None) -> str | None:
        return None if value is None else check_base_url(value)

    @field_validator("webhook_url")
    @classmethod
    def _refuse_unreachable(cls, value: str | None) -> str | None:
        return None if value is None else check_webhook_url(value)

    @field_validator("webhook_listen")
    @classmethod
    def _refuse_no_place(cls, value: str) -> str:
        parse_place(value)
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _refuse_guessable(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and _SECRET.fullmatch(value.get_secret_value()) is None:
            raise Refused(Code.SETTING_SECRET)
        return value

    @field_validator("opensearch_url")
    @classmethod
    def _refuse_no_cluster(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            check_cluster_urls(value.get_secret_value())
        return value

    @field_validator("index")
    @classmethod
    def _refuse_unknown_cluster(cls, value: IndexSettings, info: ValidationInfo) -> IndexSettings:
        if value.engine == "opensearch" and info.data.get("opensearch_url", value) is None:
            raise Refused(Code.SETTING_NO_CLUSTER)
        return value

    @property
    def archive_server(self) -> ServerAddress | None:
        """Return the database of the archive, `None` if it is a file."""
        return parse_server(self.archive_url.get_secret_value()) if self.archive_url else None

    @property
    def bot_server(self) -> ServerAddress | None:
        """Return the database of the bot's state, `None` if it is a file."""
        return parse_server(self.bot_url.get_secret_value()) if self.bot_url else None

    @property
    def zone(self) -> tzinfo | None:
        """Return the time zone; `None` leaves the default to each place that needs one."""
        return parse_zone(self.tz) if self.tz else None


def load_settings(folder: Path) -> Settings:
    """Read the settings for a home folder.

    Raises:
        SettingsError: A value is invalid or a file cannot be read; the message names the setting,
            but never a secret value.
    """
    home = Home(folder)

    class HomeSettings(Settings):
        """The settings with the sources of one home folder."""

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            toml = TomlConfigSettingsSource(settings_cls, toml_file=home.settings)
            if unknown := toml.toml_data.keys() - settings_cls.model_fields.keys():
                raise SettingsError(
                    Code.NO_SUCH_SETTING, file=home.settings, names=", ".join(sorted(unknown))
                )
            return (
                EnvSettingsSource(settings_cls),
                DotEnvSettingsSource(settings_cls, env_file=home.dotenv),
                toml,
            )

    try:
        return HomeSettings()
    except ValidationError as exc:
        raise SettingsError(Code.SETTINGS_REFUSED, refusals=_refusals(exc)) from None
    except (ValueError, OSError) as exc:
        raise SettingsError(Code.SETTINGS_UNREADABLE, home=folder, report=exc) from exc


def _refusals(exc: ValidationError) -> tuple[Message, ...]:
    """Name the refused settings and the reasons, without their values."""
    reasons = [_reason(error) for error in exc.errors(include_input=False, include_url=False)]
    return tuple(each for place, each in enumerate(reasons) if each not in reasons[:place])


def _reason(error: ErrorDetails) -> Message:
    """Translate a pydantic error; rare ones keep pydantic's own words."""
    parts = [str(part) for part in error["loc"] if not isinstance(part, int)]
    name = f"LETOPIS_{'__'.join(parts).upper()}"
    context = error.get("ctx", {})
    if isinstance(refused := context.get("error"), Refused):
        return Message.of(refused.code, name=name)
    code, field, key = _REASONS.get(error["type"], (Code.SETTING_OTHER, "report", ""))
    said = str(context.get(key, error["msg"])).replace(" or ", ", ")
    return Message.of(code, name=name, **{field: said})
