"""What workers send: the verdicts they saw, in numbered batches."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias, cast, get_args

from cfblock.types import Event
from cfblock.words import Action, Class

CLASSES = frozenset(get_args(Class))
ACTIONS = frozenset(get_args(Action))
LONGEST_NAME = 300

Kind: TypeAlias = tuple[str, str, Class, int | None]
"""Pipeline, host, class and error code: what is counted apart."""


class Seen(NamedTuple):
    """One response that a worker had; the time in seconds since 1970, to the millisecond."""

    time: float
    pipeline: str
    host: str
    class_: Class
    error_code: int | None

    @classmethod
    def checked(cls, time: Any, pipeline: Any, host: Any, class_: Any, error_code: Any) -> Seen:
        """Takes only what a monitor takes; else a ValueError that names the member."""
        if class_ not in CLASSES:
            raise ValueError(f"class is {class_!r}, expected one of cfblock.words.Class")
        if error_code is not None and not (
            type(error_code) is int and 0 <= error_code < 65536  # a bool is no code
        ):
            raise ValueError(f"error_code is {error_code!r}, expected a number below 65536")
        return cls(
            moment("time", time), name("pipeline", pipeline), name("host", host), class_, error_code
        )

    @property
    def kind(self) -> Kind:
        """What it is counted as."""
        return self[1:]


class Acted(NamedTuple):
    """What a worker did about an incident."""

    time: float
    pipeline: str
    host: str
    class_: Class
    action: Action

    @classmethod
    def checked(cls, time: Any, pipeline: Any, host: Any, class_: Any, action: Any) -> Acted:
        """Takes only what a monitor takes; else a ValueError that names the member."""
        if action not in ACTIONS:
            raise ValueError(f"action is {action!r}, expected one of cfblock.words.Action")
        seen = Seen.checked(time, pipeline, host, class_, None)
        return cls(*seen[:4], action)


Told: TypeAlias = Seen | Acted


def told_from(row: Any) -> Told:
    """What a row of five members says; an action stands where a response has its error code."""
    if not isinstance(row, list) or len(row) != 5:
        raise ValueError(f"found {row!r}, expected five members")
    return Acted.checked(*row) if isinstance(row[4], str) else Seen.checked(*row)


@dataclass(frozen=True)
class Batch:
    """What a worker saw and did since its previous batch, none of it later than ``up_to``."""

    worker: str
    number: int
    up_to: float
    told: list[Told]
    is_last: bool = False
    uncounted: Counter[Kind] = field(default_factory=Counter)
    """Counts of responses that were too many to be kept one by one."""
    damaged: int = 0

    def counts(self) -> Counter[Kind]:
        """How many responses of each kind it adds."""
        return self.uncounted + Counter(told.kind for told in self.told if isinstance(told, Seen))

    def to_json(self, sent: float) -> str:
        """The record that is read by ``Sent.from_json``."""
        members = {
            "worker": self.worker,
            "number": self.number,
            "sent": moment("sent", sent),
            "up_to": self.up_to,
            "is_last": self.is_last,
            "told": self.told,
        }
        return json.dumps(members, separators=(",", ":"))


@dataclass(frozen=True)
class Sent:
    """A batch as it is read back, with the times of the worker's clock and of Redis'."""

    batch: Batch
    sent: float
    arrived: float

    @classmethod
    def from_json(cls, text: str, arrived: float) -> Sent:
        """Leaves out the responses that make no sense; a ValueError where nothing does."""
        members = parsed(text)
        known, damaged = [], 0
        rows = members.get("told")
        for row in rows if isinstance(rows, list) else ():
            try:
                known.append(told_from(row))
            except (TypeError, ValueError):
                damaged += 1
        number = members.get("number")
        if type(number) is not int or number < 1:
            raise ValueError(f"number is {number!r}, expected one above 0")
        batch = Batch(
            worker=name("worker", members.get("worker")),
            number=number,
            up_to=moment("up_to", members.get("up_to")),
            told=known,
            is_last=members.get("is_last") is True,
            damaged=damaged,
        )
        return cls(batch, moment("sent", members.get("sent")), arrived)


class SharedEvent(Event):
    """An event of the monitor; its ``id`` is the same for everyone who hears of it."""

    id: str


def event(id_: str, text: str) -> SharedEvent:
    """Reads an event; a ValueError where it is none."""
    members: Any = parsed(text)
    for member in ("event", "pipeline_id", "host", "class", "time"):
        name(member, members.get(member))
    members["id"] = id_
    return cast(SharedEvent, members)


def parsed(text: str) -> dict[str, Any]:
    """The members of a JSON object; a ValueError where it is none."""
    try:
        members = json.loads(text)
    except RecursionError:
        raise ValueError("expected a JSON object, it is nested too deeply") from None
    if not isinstance(members, dict):
        raise ValueError(f"expected a JSON object, found {type(members).__name__}")
    return members


def name(member: str, text: Any) -> str:
    """A text that can be stored; what is too long is cut."""
    if not isinstance(text, str):
        raise ValueError(f"{member} is {text!r}, expected a str")
    return text[:LONGEST_NAME].encode(errors="replace").decode()


def moment(member: str, seconds: Any) -> float:
    """Seconds since 1970 from 0 to the year 9999, rounded to milliseconds."""
    if (
        not isinstance(seconds, int | float)
        or isinstance(seconds, bool)
        or not math.isfinite(seconds)
    ):
        raise ValueError(f"{member} is {seconds!r}, expected seconds since 1970")
    if not 0 <= seconds < 253_402_300_799:
        raise ValueError(f"{member} is {seconds!r}, expected a time before the year 10000")
    return round(float(seconds), 3)
