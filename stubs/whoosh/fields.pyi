from collections.abc import Iterator
from typing import Any

from whoosh.columns import Column
from whoosh.formats import Format

class FieldType:
    format: Format | None
    analyzer: object
    vector: object
    scorable: bool
    stored: bool
    unique: bool
    # Yields of each term its text, its frequency, its weight and the value of its posting.
    def index(self, value: Any, **options: object) -> Iterator[tuple[bytes, int, float, bytes]]: ...

class ID(FieldType):
    def __init__(self, stored: bool = False, unique: bool = False) -> None: ...

class COLUMN(FieldType):
    def __init__(self, columnobj: Column | None = None) -> None: ...

class Schema:
    def __init__(self, **fields: FieldType) -> None: ...
