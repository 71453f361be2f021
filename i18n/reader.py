"""Who reads a message: their language and the zone in which they see dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from i18n.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The reader of a message; a zone of `None` is that of this machine."""

    texts: Catalogue
    zone: tzinfo | None = None

    def day(self, moment: datetime) -> str:
        """Write the date of a moment."""
        return self.texts.day(moment.astimezone(self.zone))

    def minute(self, moment: datetime) -> str:
        """Write a moment to the minute."""
        return self.texts.minute(moment.astimezone(self.zone))
