"""Verdicts about whole tables, through Arrow's C data interface.

Any library that speaks it can hand over a table and take the verdicts:
pyarrow, Polars, DuckDB, pandas and others. None of them is imported here, and
the bodies are never copied. ``docs/arrow.md`` in the repository lists the
columns that are read and those that come out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol, overload

from cfblock._cfblock import (
    ARROW_INPUT,
    VerdictBatch,
    VerdictSchema,
    VerdictStream,
    classify_arrow,
)

__all__ = [
    "INPUT",
    "SCHEMA",
    "ArrowArray",
    "ArrowStream",
    "VerdictBatch",
    "VerdictSchema",
    "VerdictStream",
    "classify",
]

INPUT: Final = tuple(ARROW_INPUT)
"""The names of the columns that are read."""

SCHEMA: Final = VerdictSchema()
"""The columns of verdicts; ``pyarrow.schema(SCHEMA)`` and ``polars.Schema(SCHEMA)`` read it."""


class ArrowArray(Protocol):
    """One batch, such as ``pyarrow.RecordBatch``."""

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]: ...


class ArrowStream(Protocol):
    """A table or a stream, such as ``pyarrow.Table``, ``polars.DataFrame``, a DuckDB relation."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


@overload
def classify(data: ArrowArray, *, keep: Iterable[str] = ..., prefix: str = ...) -> VerdictBatch: ...
@overload
def classify(
    data: ArrowStream, *, keep: Iterable[str] = ..., prefix: str = ...
) -> VerdictStream: ...
def classify(
    data: ArrowArray | ArrowStream, *, keep: Iterable[str] = (), prefix: str = ""
) -> VerdictBatch | VerdictStream:
    """Classifies each row of a table, a batch or a stream.

    Of the columns ``status``, ``headers``, ``body``, ``url``, ``truncated``,
    ``peer_ip``, ``time`` and ``history`` those are read that are there. A null
    stands for what is not known, and so does a value that cannot be what its
    column holds, such as the status -1: one odd row must not end a long job.

    Of a batch the verdicts are made at once. Of a table or a stream they are
    made batch by batch when they are read, and nothing is held in between.

    Args:
        data: Any object with ``__arrow_c_array__`` or ``__arrow_c_stream__``.
        keep: Columns of ``data`` to repeat before those of the verdicts, not copied.
        prefix: What the names of the verdict's columns begin with.

    Raises:
        TypeError: ``data`` is no table, or a column is of a type that cannot be read.
        ValueError: There is nothing to classify in ``data``, or ``keep`` does not fit.
    """
    if isinstance(keep, str):
        raise TypeError(f"keep must be names of columns, not the str {keep!r}")
    return classify_arrow(data, list(keep), prefix)
