"""The ``CFBLOCK_*`` settings, read and checked once when a crawl starts."""

from __future__ import annotations

import difflib
import json
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar, cast, get_args

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from cfblock._cfblock import Policy
from cfblock.types import PolicyBase
from cfblock.words import Action, Class

logger = logging.getLogger("cfblock.integrations.scrapy")

SENDS_AGAIN: tuple[Action, ...] = (
    "retry",
    "wait",
    "back_off",
    "slow_down",
    "join_queue",
    "pause_host",
)
"""The advice that Scrapy can follow by sending the request again, at once or later."""

MONITOR_RECORDER = "cfblock.integrations.scrapy.MonitorRecorder"

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class CfblockSettings:
    """What the settings say; the setting of ``max_wait`` is ``CFBLOCK_MAX_WAIT``, and so on.

    ``recorder`` is the class, or None without a monitor.
    """

    enabled: bool
    log_level: int
    act: bool
    drop: bool
    policy: Policy
    retry: frozenset[str]
    leave_alone: frozenset[str]
    max_wait: float
    max_delay: float
    max_queue: float
    monitor: bool
    recorder: Any

    @classmethod
    def read_if_enabled(cls, crawler: Crawler) -> CfblockSettings:
        """Reads all settings of a crawl.

        Raises:
            NotConfigured: They switch the middlewares off.
            ValueError: As ``read`` does.
        """
        settings = cls.read(crawler.settings)
        if not settings.enabled:
            raise NotConfigured("CFBLOCK_ENABLED is false")
        return settings

    @classmethod
    def read(cls, settings: BaseSettings) -> CfblockSettings:
        """Reads all settings.

        Raises:
            ValueError: The value of a setting makes no sense; the message names the setting.
        """
        act = _read("CFBLOCK_ACT", settings.getbool)
        monitor = _read("CFBLOCK_MONITOR", settings.getbool)
        return cls(
            enabled=_read("CFBLOCK_ENABLED", settings.getbool, True),
            log_level=_read(
                "CFBLOCK_LOG_LEVEL", lambda name, value: _level(settings.get(name, value)), "INFO"
            ),
            act=act,
            drop=_read("CFBLOCK_DROP", settings.getbool, act),
            policy=_read(
                "CFBLOCK_POLICY", lambda name, value: _policy(settings.get(name, value)), "full"
            ),
            retry=_read("CFBLOCK_RETRY", _words_of(settings, SENDS_AGAIN), SENDS_AGAIN),
            leave_alone=_read("CFBLOCK_LEAVE_ALONE", _words_of(settings, get_args(Class)), ()),
            max_wait=_read("CFBLOCK_MAX_WAIT", _seconds_of(settings), 3600),
            max_delay=_read("CFBLOCK_MAX_DELAY", _seconds_of(settings), 60),
            max_queue=_read("CFBLOCK_MAX_QUEUE", _seconds_of(settings), 86_400),
            monitor=monitor,
            recorder=_read("CFBLOCK_RECORDER", _class_of(settings), MONITOR_RECORDER)
            if monitor
            else None,
        )


def warn_of_misspelt(settings: BaseSettings) -> None:
    """Logs a warning for each setting whose name is nearly one of ours."""
    known = [f"CFBLOCK_{field.name.upper()}" for field in fields(CfblockSettings)]
    for name in settings:
        if isinstance(name, str) and name.startswith("CFBLOCK_") and name not in known:
            for near in difflib.get_close_matches(name, known, 1, 0.8):
                logger.warning("There is no setting %s; did you mean %s?", name, near)


def _read(name: str, read: Callable[..., _Value], *default: Any) -> _Value:
    try:
        return read(name, *default)
    except (ValueError, TypeError, ImportError, NameError) as error:
        raise ValueError(f"{name}: {error}") from error


def _level(value: Any) -> int:
    level = logging.getLevelName(value) if isinstance(value, str) else value
    if not isinstance(level, int):
        raise ValueError(f"{value!r} is no level of logging")
    return level


def _policy(value: Any) -> Policy:
    if isinstance(value, Policy):
        return value
    if isinstance(value, str) and not value.lstrip().startswith("{"):
        return Policy(cast("PolicyBase", value))
    return Policy.from_json(value if isinstance(value, str) else json.dumps(dict(value)))


def _words_of(
    settings: BaseSettings, known: tuple[str, ...]
) -> Callable[[str, tuple[str, ...]], frozenset[str]]:
    def read(name: str, default: tuple[str, ...]) -> frozenset[str]:
        words = frozenset(settings.getlist(name, list(default)))
        if unknown := sorted(words.difference(known)):
            raise ValueError(f"{unknown[0]!r} is none of {', '.join(known)}")
        return words

    return read


def _class_of(settings: BaseSettings) -> Callable[[str, str], Any]:
    return lambda name, default: load_object(settings.get(name, default))


def _seconds_of(settings: BaseSettings) -> Callable[[str, float], float]:
    def read(name: str, default: float) -> float:
        seconds = settings.getfloat(name, default)
        if not 0 <= seconds < math.inf:
            raise ValueError(f"{seconds} is no number of seconds")
        return seconds

    return read
