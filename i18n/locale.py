"""The reader of a message: language and time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from i18n.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale:
    """A reader; a zone of `None` is this machine's."""

    texts: Catalogue
    zone: tzinfo | None = None

    def day(self, moment: datetime) -> str:
        """Format the date of a time."""
        return self.texts.day(moment.astimezone(self.zone))

    def minute(self, moment: datetime) -> str:
        """Format a time to the minute."""
        return self.texts.minute(moment.astimezone(self.zone))
