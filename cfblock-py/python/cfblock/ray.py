"""Verdicts about Ray data sets, made by Ray's own workers.

Needs ray[data] and pyarrow, and cfblock on every worker.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ray.data import Dataset

if TYPE_CHECKING:
    import pyarrow  # type: ignore[import-untyped, unused-ignore]

__all__ = ["classify"]


def classify(ds: Dataset, *, keep: Iterable[str] = (), prefix: str = "", **options: Any) -> Dataset:
    """Classifies each row of a data set, block by block through ``map_batches``.

    Reads the columns that ``cfblock.arrow.classify`` reads.

    Args:
        ds: A data set with some of the columns ``status``, ``headers``, ``body`` and so on.
        keep: Columns to repeat before those of the verdicts, such as a key to join by.
        prefix: What the names of the verdict's columns begin with.
        **options: For ``map_batches``, such as ``batch_size`` or ``num_cpus``.

    Raises:
        TypeError: A column is of a type that cannot be read (when the job runs).
        ValueError: ``ds`` has nothing to classify, or ``keep`` does not fit (when the job runs).
    """
    if isinstance(keep, str):
        raise TypeError(f"keep must be names of columns, not the str {keep!r}")
    kept = list(keep)

    def classify_block(table: pyarrow.Table) -> pyarrow.Table:
        try:
            import pyarrow

            from cfblock import arrow
        except ImportError as error:
            message = f"cfblock and pyarrow have to be installed on every worker: {error}"
            raise ImportError(message) from error
        return pyarrow.table(arrow.classify(table, keep=kept, prefix=prefix))

    # Blocks as they lie in the store: to regroup them would copy every body.
    options = {"batch_size": None, "zero_copy_batch": True} | options
    return ds.map_batches(classify_block, batch_format="pyarrow", **options)
