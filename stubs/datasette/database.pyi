from typing import Any

from datasette.app import Datasette

class Database:
    path: str
    _all_file_connections: list[Any]
    def __init__(self, ds: Datasette, path: str) -> None: ...
    def close(self) -> None: ...
