"""The shapes of dicts that go in and come out. All words are those of ``cfblock.words``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Literal, Protocol, TypeAlias, TypedDict

from cfblock._cfblock import Policy, Verdict
from cfblock.words import (
    Action,
    Attribute,
    Audience,
    ChallengeType,
    Change,
    Class,
    Classification,
    Confidence,
    EventKind,
    Held,
    Network,
    Party,
    Phase,
    Place,
    Producer,
    Provenance,
    ReachedOrigin,
    Recovery,
    Scope,
    Signal,
    SiteState,
)

Text: TypeAlias = str | bytes
Status: TypeAlias = int | None
Body: TypeAlias = bytes | bytearray | memoryview | str | None


class HeaderItems(Protocol):
    """What the header types of HTTP libraries have in common."""

    def items(self) -> Iterable[Any]: ...


Headers: TypeAlias = (
    Iterable[tuple[Text, Text]] | Mapping[str, Any] | Mapping[bytes, Any] | HeaderItems | None
)
"""Pairs of str or bytes, or a mapping; repeated names as several pairs or as a list of values."""

PeerAddress: TypeAlias = str | IPv4Address | IPv6Address
Time: TypeAlias = float | datetime | str
"""Seconds since 1970, a datetime with a time zone, or RFC 3339."""


class Hop(TypedDict, total=False):
    """One redirect that was followed."""

    status: int | None
    location: Text | None


History: TypeAlias = Iterable[tuple[int | None, Text | None] | Hop]


class Response(TypedDict, total=False):
    """The arguments of ``classify`` in one dict."""

    status: Status
    headers: Headers
    body: Body
    url: str | None
    history: History | None
    peer_ip: PeerAddress | None
    now: Time | None
    truncated: bool


ResponseItem: TypeAlias = (
    Response
    | Mapping[str, Any]
    | tuple[Status]
    | tuple[Status, Headers]
    | tuple[Status, Headers, Body]
)


class Step(TypedDict):
    """One step of advice."""

    action: Action
    why: str
    wait: int | None
    change: list[Change]


class Cause(TypedDict):
    """One cause; likelihood 1 is the likeliest."""

    cause: str
    likelihood: int


class Evidence(TypedDict):
    """One thing that a verdict rests on: what was found, where, and at which byte or hop."""

    signal: Signal
    where: Place
    at: int | None


Upstream = TypedDict(
    "Upstream",
    {
        "class": Class,
        "reason": str | None,
        "error_code": int | None,
        "confidence": Confidence,
        "status": int | None,
        "ray_id": str | None,
        "retry_after": int | None,
        "evidence": list[Evidence],
    },
)
"""What a relay quotes of an answer that it got from Cloudflare."""


VerdictRecord = TypedDict(
    "VerdictRecord",
    {
        "class": Class,
        "intercepted": bool,
        "blocked": bool,
        "reason": str | None,
        "error_code": int | None,
        "challenge_type": ChallengeType | None,
        "confidence": Confidence,
        "producer": Producer,
        "provenance": Provenance,
        "preview": bool,
        "reached_origin": ReachedOrigin,
        "site": SiteState,
        "upstream": Upstream | None,
        "status": int | None,
        "ray_id": str | None,
        "colo": str | None,
        "client_ip": str | None,
        "country": str | None,
        "host": str | None,
        "timestamp": str | None,
        "error_name": str | None,
        "error_category": str | None,
        "retryable": bool | None,
        "retry_after": int | None,
        "owner_action_required": bool | None,
        "price": str | None,
        "party": Party | None,
        "action": Action,
        "steps": list[Step],
        "causes": list[Cause],
        "evidence": list[Evidence],
        "docs_url": str | None,
    },
)
"""The verdict record, as ``Verdict.to_dict`` returns it."""


class Backoff(TypedDict):
    """How to space repeated attempts; times in seconds."""

    floor: int
    base: int
    factor: int
    cap: int
    jitter: str
    max_attempts: int


class Advice(Step):
    """One step of a triage."""

    backoff: Backoff | None


class Pause(TypedDict):
    """For how many seconds nothing may be sent, and to what."""

    whom: Held
    seconds: float


class Next(TypedDict):
    """What comes next for a request, as ``Course.next`` returns it.

    ``seconds`` and ``whom`` are None unless ``next`` is ``send_again`` or ``hold``.
    """

    next: Literal["send_again", "hold", "act", "end"]
    seconds: float | None
    whom: Held | None
    step: Advice
    hold: Pause | None


class AudienceTexts(TypedDict):
    """The advice in words, by audience."""

    scraper: str
    visitor: str
    owner: str


class TriageRecord(TypedDict):
    """A triage, as ``Triage.to_dict`` returns it."""

    action: Action
    steps: list[Advice]
    causes: list[Cause]
    audience: AudienceTexts
    exhausted: bool


PolicyBase: TypeAlias = Literal["full", "cooperative"]


class PolicyMembers(TypedDict, total=False):
    """The arguments of ``Policy`` in one dict."""

    base: PolicyBase
    exclude: list[Action]
    changes: list[Change]
    max_wait: int
    max_attempts: int
    max_queue: int


PolicyLike: TypeAlias = Policy | PolicyMembers | PolicyBase
"""A policy, ``"full"``, ``"cooperative"``, or the members of one."""

Opaque: TypeAlias = str | int | float | bool


class Vantage(TypedDict, total=False):
    """From where a request was sent, and as whom; ``rate`` in requests a second."""

    network: Network | None
    asn: Opaque | None
    country: Opaque | None
    ip: Opaque | None
    tls_fingerprint: Opaque | None
    user_agent: Opaque | None
    http_version: Opaque | None
    browser: bool | None
    session: Opaque | None
    rate: float | None


class Observation(Response, total=False):
    """A verdict with its vantage; a response may stand in place of the verdict."""

    id: Opaque
    verdict: Verdict | VerdictRecord
    vantage: Vantage
    time: Time


class Candidate(TypedDict, total=False):
    """A probe that could still be made; ``id`` and ``vantage`` are needed."""

    id: Opaque
    vantage: Vantage
    url: str


class NextProbe(TypedDict, total=False):
    """The next probe: the ``id`` of a candidate, or what to ``vary``."""

    id: Opaque
    vary: dict[Attribute, Opaque | None]
    why: str


class Hypothesis(TypedDict):
    """One thing that it could be."""

    scope: Scope
    value: Opaque | None
    probability: float


class DiagnosisRecord(TypedDict):
    """A diagnosis, as ``Diagnosis.to_dict`` returns it."""

    scope: Scope
    value: Opaque | None
    probability: float
    classification: Classification
    action: Action
    change: list[Change]
    next_probe: NextProbe | None
    decided_by: list[Opaque]
    hypotheses: list[Hypothesis]


class Timings(TypedDict):
    """How long the stages of an incident took, in seconds."""

    detect_s: float
    act_s: float | None
    recover_s: float | None
    objective_met: bool | None


_EventMembers = TypedDict("_EventMembers", {"class": Class})


class Event(_EventMembers):
    """One report of a monitor; times are RFC 3339."""

    event: EventKind
    pipeline_id: str
    host: str
    error_code: int | None
    time: str
    opened_at: str
    responses: int
    probes: int
    classification: Classification | None
    action: Action | None
    recovery: Recovery | None
    timings: Timings


class Incident(_EventMembers):
    """An open incident."""

    pipeline_id: str
    host: str
    error_code: int | None
    phase: Phase
    began_at: str
    opened_at: str
    latest: str
    acted_at: str | None
    responses: int
    probes: int
    classification: Classification | None
    action: Action | None


class Counters(TypedDict):
    """What has happened in a monitor so far."""

    responses: int
    late: int
    hosts: int
    hosts_left: int
    open: int
    opened: int
    recovered: int
    given_up: int


class TallyRow(_EventMembers):
    """One line of a tally."""

    pipeline_id: str
    host: str
    error_code: int | None
    responses: int


_EntryMembers = TypedDict("_EntryMembers", {"class": Class})


class Entry(_EntryMembers):
    """Everything known about one error code or page kind."""

    reason: str
    code: int | None
    title: str
    explanation: str
    class_note: str | None
    party: Party
    http_status: list[int]
    retryable: bool
    retry_after: int | None
    causes: list[str]
    client: list[Step]
    owner: list[str]
    docs_url: str
    checked: str
    retired: bool


__all__ = [
    "Action",
    "Advice",
    "Attribute",
    "Audience",
    "AudienceTexts",
    "Backoff",
    "Body",
    "Candidate",
    "Cause",
    "ChallengeType",
    "Change",
    "Class",
    "Classification",
    "Confidence",
    "Counters",
    "DiagnosisRecord",
    "Entry",
    "Event",
    "EventKind",
    "Evidence",
    "Headers",
    "History",
    "Hop",
    "Hypothesis",
    "Incident",
    "Network",
    "NextProbe",
    "Observation",
    "Opaque",
    "Party",
    "PeerAddress",
    "Phase",
    "Place",
    "PolicyBase",
    "PolicyLike",
    "PolicyMembers",
    "Producer",
    "Provenance",
    "Recovery",
    "Response",
    "ResponseItem",
    "Scope",
    "Signal",
    "Status",
    "Step",
    "TallyRow",
    "Time",
    "Timings",
    "TriageRecord",
    "Upstream",
    "Vantage",
    "VerdictRecord",
]
