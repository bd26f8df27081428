"""What is kept in Redis, and the scripts that change it in one step each."""

from __future__ import annotations

import base64
import json
import logging
import re
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypedDict, cast

import redis

from cfblock.integrations.redis.records import (
    CLASSES,
    Batch,
    Kind,
    Sent,
    SharedEvent,
    event,
    parsed,
)
from cfblock.types import Counters, Event, Incident, TallyRow

logger = logging.getLogger("cfblock.integrations.redis")

OTHER_HOSTS = "*"
"""Stands for all hosts for which the shared tally has no room left."""
MOST_BATCHES = 10_000
MOST_EVENTS = 10_000
LARGEST_STATE = 1 << 29

_STREAM_ID = re.compile(r"\d{1,20}-\d{1,20}")

# A batch is appended before its number is remembered: if the append fails,
# nothing has happened. After that only single counts can fail.
_SEND = """
local known = tonumber(redis.call('GET', KEYS[1]) or '')
if not known then return -1 end
if tonumber(ARGV[1]) <= known then return 0 end
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[4], '*', 'batch', ARGV[5])
redis.call('SET', KEYS[1], ARGV[1])
local damaged = 0
local room = tonumber(ARGV[3]) - redis.call('HLEN', KEYS[2])
for i = 6, #ARGV, 3 do
  local field = ARGV[i]
  if redis.call('HEXISTS', KEYS[2], field) == 0 then
    if room > 0 then room = room - 1 else field = ARGV[i + 1] end
  end
  if type(redis.pcall('HINCRBY', KEYS[2], field, ARGV[i + 2])) ~= 'number' then
    damaged = damaged + 1
  end
end
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[2]) end
return 1 + damaged
"""

_LEAD = """
local leader = redis.call('GET', KEYS[1])
if leader and leader ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""

_RESIGN = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
"""

# The token of the commit before is what fences off a leader that was replaced.
_COMMIT = """
if (redis.call('HGET', KEYS[1], 'commit') or '') ~= ARGV[1] then return 0 end
for i = 9, #ARGV do
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], '*', 'event', ARGV[i])
end
redis.call('HSET', KEYS[1], 'commit', ARGV[2], 'position', ARGV[5],
  'monitor', ARGV[6], 'order', ARGV[7], 'report', ARGV[8])
redis.call('XTRIM', KEYS[3], 'MINID', ARGV[5])
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[3]) end
return 1
"""

Client: TypeAlias = redis.Redis | redis.RedisCluster

Reply: TypeAlias = Literal["taken", "known", "unknown_worker"]


class Report(TypedDict):
    """What the leader last stored about the monitor, and what it was not fed.

    That waits for what other workers tell about the same time (``pending``),
    came when that was over (``late``), was in batches that left the stream
    before they were read (``missed`` counts the batches), or made no sense
    (``damaged``).
    """

    incidents: list[Incident]
    counters: Counters
    pending: int
    late: int
    missed: int
    damaged: int


@dataclass(frozen=True)
class Saved:
    """The state that the leader before left, and the token that a commit on top of it needs."""

    commit: str = ""
    position: str = "0-0"
    monitor: str | None = None
    order: str | None = None


@dataclass(frozen=True)
class Entry:
    """One entry of the stream of batches; nothing where it is damaged."""

    id: str
    sent: Sent | None


class Store:
    """Everything that is asked of Redis. All keys of a crawl lie in one slot of a cluster."""

    def __init__(self, client: Client, prefix: str, *, keep_s: int, max_rows: int) -> None:
        self._client: Any = client
        self._keep_s = keep_s
        self._max_rows = max_rows
        self._key = f"{{{prefix}}}:"
        self.damaged = 0
        self._send = self._client.register_script(_SEND)
        self._lead = self._client.register_script(_LEAD)
        self._resign = self._client.register_script(_RESIGN)
        self._commit = self._client.register_script(_COMMIT)

    def _at(self, *names: str) -> list[str]:
        return [self._key + name for name in names]

    def register(self, worker: str) -> None:
        """Makes a worker known that nobody else is called; only then it can send."""
        self._client.set(self._key + f"worker:{worker}", 0, ex=self._keep_s, nx=True)

    def send(self, batch: Batch, now: float) -> Reply:
        """Counts a batch and appends it to the stream, once however often it is sent."""
        counts = [
            argument
            for kind, count in batch.counts().items()
            for argument in (_field(kind), _field((kind[0], OTHER_HOSTS, *kind[2:])), count)
        ]
        reply = self._send(
            self._at(f"worker:{batch.worker}", "tally", "batches"),
            [batch.number, self._keep_s, self._max_rows, MOST_BATCHES, batch.to_json(now), *counts],
        )
        if reply < 0:
            return "unknown_worker"
        if reply > 1:
            self._skip("a row of the tally", "its count is no number", times=reply - 1)
        return "taken" if reply else "known"

    def lead(self, worker: str, lease_s: float) -> bool:
        """Whether this worker is the leader for the next while."""
        return bool(self._lead(self._at("leader"), [worker, round(lease_s * 1000)]))

    def resign(self, worker: str) -> None:
        """Lets another one lead at once."""
        self._resign(self._at("leader"), [worker])

    def load(self) -> Saved:
        """The latest commit; damaged parts of it are left out."""
        members = ("commit", "position", "monitor", "order")
        found = self._read("HMGET", "monitor", *members)
        commit, position, monitor, order = (_text(value) for value in found)
        if position is not None and not _STREAM_ID.fullmatch(position):
            self._skip("the position in the stream", position)
            position = None
        return Saved(
            commit or "", position or "0-0", self._unpacked(monitor), self._unpacked(order)
        )

    def commit(
        self,
        before: Saved,
        after: Saved,
        report: Report,
        events: Iterable[Event],
    ) -> bool:
        """Stores a state and publishes its events, unless another leader was there first."""
        texts = (_packed(after.monitor or ""), _packed(after.order or ""), _json(report))
        sizes = [self._keep_s, MOST_EVENTS]
        return bool(
            self._commit(
                self._at("monitor", "events", "batches"),
                [before.commit, after.commit, *sizes, after.position, *texts, *map(_json, events)],
            )
        )

    def batches(self, after: str, most: int) -> list[Entry]:
        """The next batches of all workers, in the order of arrival."""
        entries = []
        for id_, text in self._entries("batches", "batch", after, most):
            try:
                sent = Sent.from_json(text, arrived=int(id_.partition("-")[0]) / 1000)
            except ValueError as error:
                self._skip(f"batch {id_}", error)
                sent = None
            entries.append(Entry(id_, sent))
        return entries

    def events(self, after: str, most: int) -> tuple[str, list[SharedEvent]]:
        """The next events, and the position behind them."""
        events = []
        for id_, text in self._entries("events", "event", after, most):
            after = id_
            try:
                events.append(event(id_, text))
            except ValueError as error:
                self._skip(f"event {id_}", error)
        return after, events

    def latest_event(self) -> str:
        """The position behind all events so far."""
        entries = self._read("XREVRANGE", "events", "+", "-", "COUNT", 1)
        return _text(entries[0][0]) or "0-0" if entries else "0-0"

    def report(self) -> Report | None:
        """What the leader last stored; nothing where there is none that can be read."""
        text = _text(self._read("HGET", "monitor", "report"))
        if text is None:
            return None
        try:
            return cast(Report, parsed(text))
        except ValueError as error:
            self._skip("the report", error)
            return None

    def tally(self) -> list[TallyRow]:
        """The sums over all workers, in order."""
        rows: list[TallyRow] = []
        for key, value in self._read("HGETALL", "tally").items():
            try:
                pipeline, host, class_, error_code = json.loads(_text(key) or "")
                responses = int(_text(value) or "")
                if class_ not in CLASSES or not isinstance(error_code, int | None):
                    raise ValueError(f"{class_} {error_code}")
            except (TypeError, ValueError, RecursionError) as error:
                self._skip("a row of the tally", error)
                continue
            rows.append(
                {
                    "pipeline_id": str(pipeline),
                    "host": str(host),
                    "class": class_,
                    "error_code": error_code,
                    "responses": responses,
                }
            )
        return sorted(
            rows,
            key=lambda row: (row["pipeline_id"], row["host"], row["class"], row["error_code"] or 0),
        )

    def _read(self, command: str, name: str, *arguments: str | int) -> Any:
        # A client with decode_responses would raise at bytes that are no text.
        return self._client.execute_command(
            command, self._key + name, *arguments, NEVER_DECODE=True
        )

    def _skip(self, what: str, why: object, *, times: int = 1) -> None:
        self.damaged += times
        logger.warning("%s is damaged and was left out: %s", what, why)

    def _entries(self, stream: str, member: str, after: str, most: int) -> list[tuple[str, str]]:
        found = self._read("XRANGE", stream, f"({after}", "+", "COUNT", most)
        return [
            (
                _text(id_) or "",
                next((_text(value) for key, value in members.items() if _text(key) == member), "")
                or "",
            )
            for id_, members in found
        ]

    def _unpacked(self, text: str | None) -> str | None:
        if not text:
            return None
        try:
            inflater = zlib.decompressobj()
            state = inflater.decompress(base64.b64decode(text, validate=True), LARGEST_STATE)
            if not inflater.eof:
                raise ValueError("it is cut off or far too large")
            return state.decode()
        except (ValueError, zlib.error) as error:
            self._skip("the saved state", error)
            return None


def count_of(counts: Counter[Kind]) -> int:
    """How many responses counts stand for."""
    return sum(counts.values())


def _field(kind: Kind) -> str:
    return _json(kind)


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _packed(text: str) -> str:
    # Text, since a client with decode_responses reads nothing else.
    return base64.b64encode(zlib.compress(text.encode(), 1)).decode()


def _text(value: Any) -> str | None:
    return value.decode(errors="replace") if isinstance(value, bytes) else value
