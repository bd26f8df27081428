"""Verdicts about Spark data frames, made by Spark's own workers.

Needs pyspark 4 and pyarrow where the job is written, and cfblock and pyarrow
on every worker.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
from pyspark.sql.types import StructType

from cfblock import arrow
from cfblock.arrow import VerdictSchema

if TYPE_CHECKING:
    import pyarrow  # type: ignore[import-untyped, unused-ignore]
    from pyspark.sql import DataFrame

__all__ = ["classify", "plain_schema", "schema"]


def classify(df: DataFrame, *, keep: Iterable[str] = (), prefix: str = "") -> DataFrame:
    """Classifies each row of a data frame, batch by batch through ``mapInArrow``.

    Reads the columns that ``cfblock.arrow.classify`` reads, and hands only
    those and the kept ones to the workers.

    Args:
        df: A data frame with some of the columns ``status``, ``headers``, ``body`` and so on.
        keep: Columns to repeat before those of the verdicts, such as a key to join by.
        prefix: What the names of the verdict's columns begin with.

    Raises:
        TypeError: A column is of a type that cannot be read.
        ValueError: ``df`` has nothing to classify, or ``keep`` does not fit.
    """
    if isinstance(keep, str):
        raise TypeError(f"keep must be names of columns, not the str {keep!r}")
    kept = list(keep)
    needed = [name for name in df.columns if name in arrow.INPUT or name in kept]
    rows = df.select(*(f"`{name}`" for name in needed))
    # What cannot be classified is refused here already, not by a worker later.
    arrow.classify(to_arrow_schema(rows.schema).empty_table(), keep=kept, prefix=prefix)
    output = StructType([rows.schema[name] for name in kept] + schema(prefix).fields)
    return rows.mapInArrow(_classifier(kept, prefix), output)


def schema(prefix: str = "") -> StructType:
    """The columns of verdicts in Spark's types, of which none is a dictionary or unsigned."""
    spark_types: StructType = from_arrow_schema(plain_schema(prefix))
    return spark_types


def plain_schema(prefix: str = "") -> pyarrow.Schema:
    """The same columns in Arrow's types, as workers hand them to Spark."""
    import pyarrow

    def plain(kind: Any) -> Any:
        if pyarrow.types.is_dictionary(kind):
            return kind.value_type
        if pyarrow.types.is_uint16(kind):
            return pyarrow.int32()
        if pyarrow.types.is_uint32(kind):
            return pyarrow.int64()
        if pyarrow.types.is_list(kind):
            return pyarrow.list_(plain(kind.value_type))
        if pyarrow.types.is_struct(kind):
            return pyarrow.struct([field.with_type(plain(field.type)) for field in kind])
        return kind

    verdicts = pyarrow.schema(VerdictSchema(prefix))
    return pyarrow.schema([field.with_type(plain(field.type)) for field in verdicts])


def _classifier(keep: list[str], prefix: str) -> Any:
    """What a worker runs; it is sent there by value."""

    def classify_batches(
        batches: Iterator[pyarrow.RecordBatch],
    ) -> Iterator[pyarrow.RecordBatch]:
        try:
            import pyarrow

            from cfblock import arrow, spark
        except ImportError as error:
            message = f"cfblock and pyarrow have to be installed on every worker: {error}"
            raise ImportError(message) from error
        made = spark.plain_schema(prefix)
        for batch in batches:
            verdicts = pyarrow.record_batch(arrow.classify(batch, keep=keep, prefix=prefix))
            kept = [batch.schema.field(name) for name in keep]
            yield verdicts.cast(pyarrow.schema([*kept, *made]))

    return classify_batches
