from struct import Struct
from typing import Any

def loads(pickled: bytes) -> Any: ...

class W3Codec:
    length_stats: bool

class W3Segment: ...

class W3TermInfo:
    _struct: Struct
    @classmethod
    def from_bytes(cls, s: bytes) -> W3TermInfo: ...
