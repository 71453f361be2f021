"""Faults on schedule: what a real network and a real server do to a bot on a bad day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Fault:
    """One trouble, for the next `times` calls of a method (`""` is any method).

    `kind`: `flood` (429 with `seconds`), `refuse` (`code` and `text` as the server would say it),
    `gateway` (502 with an HTML page), `drop` (the connection ends without an answer), `lose` (the
    call is carried out, but its answer is lost), `delay` (an answer after `seconds`). `where`
    restricts it to calls with these arguments.
    """

    kind: str
    method: str = ""
    times: int = 1
    seconds: float = 1
    code: int = 400
    text: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    met: int = 0

    def meets(self, method: str, args: Mapping[str, str]) -> bool:
        """Tell whether the fault strikes a call."""
        return (
            self.times > 0
            and self.method.lower() in {"", method}
            and all(args.get(name) == value for name, value in self.where.items())
        )


class Faults:
    """The faults that are still to strike, first come, first served."""

    def __init__(self) -> None:
        self.scheduled: list[Fault] = []
        self.bytes_per_second: int | None = None

    def schedule(self, fault: Fault) -> Fault:
        """Let a fault strike; `met` of the returned one counts how often it has."""
        self.scheduled.append(fault)
        return fault

    def strike(self, method: str, args: Mapping[str, str]) -> Fault | None:
        """Return the fault that this call meets, if any, and count it."""
        for fault in self.scheduled:
            if fault.meets(method, args):
                fault.times -= 1
                fault.met += 1
                return fault
        return None

    def clear(self) -> None:
        """Let everything go well again."""
        self.scheduled.clear()
        self.bytes_per_second = None
