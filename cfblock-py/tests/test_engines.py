"""Verdicts in Polars and DuckDB, by the Arrow function alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest
from cfblock import arrow
from tables import assert_same, documented, table


def responses() -> pl.DataFrame:
    """The corpus as Polars holds it."""
    return pl.DataFrame(table())


def test_polars_frames() -> None:
    made = pl.DataFrame(arrow.classify(responses(), keep=["case"]))
    assert made.schema["class"] == pl.Categorical
    assert_same(made.to_dicts())


def test_polars_lazily() -> None:
    made = responses().lazy().map_batches(
        lambda frame: pl.DataFrame(arrow.classify(frame, keep=["case"])),
        schema={"case": pl.String, **pl.Schema(arrow.SCHEMA)},
    )  # fmt: skip
    assert_same(made.collect().to_dicts())
    counted = made.filter(pl.col("blocked")).group_by("class").len().collect()
    assert counted["len"].sum() == sum(row["blocked"] for row in made.collect().to_dicts())


def test_polars_structs() -> None:
    packed = responses().select(pl.struct("status", "headers", "body", "url").alias("response"))
    made = pl.DataFrame(arrow.classify(packed["response"]))
    assert len(made) == len(packed)


def test_polars_reads_a_single_batch() -> None:
    [batch] = table().combine_chunks().to_batches()
    assert_same(pl.DataFrame(arrow.classify(batch, keep=["case"])).to_dicts())


def test_polars_headers_of_python() -> None:
    rows: list[dict[str, Any]] = [
        {"status": 429, "headers": {"server": "cloudflare", "retry-after": "30"}},
        {"status": 200, "headers": {"server": "cloudflare", "retry-after": None}},
    ]
    made = pl.DataFrame(arrow.classify(pl.DataFrame(rows)))
    assert made["retry_after"].to_list() == [30, None]


@pytest.mark.parametrize("threads", [1, 2])
def test_duckdb_relations(tmp_path: Path, threads: int) -> None:
    pq.write_table(table(), tmp_path / "responses.parquet", row_group_size=50)
    database = duckdb.connect(config={"threads": threads})
    responses = database.sql(f"from '{tmp_path}/responses.parquet'")
    verdicts = arrow.classify(responses, keep=["case"])  # noqa: F841 - DuckDB finds it by its name
    reader = database.cursor()
    found = reader.sql("select * from verdicts").to_arrow_table().to_pylist()
    assert_same(found)
    total = reader.sql("select count(*) from verdicts where blocked").fetchall()
    assert total == [(sum(row["blocked"] for row in found),)]


def test_a_stream_of_duckdb_is_not_held() -> None:
    database = duckdb.connect()
    responses = database.sql("select 429 status, 'error code: 1015' body from range(300000)")
    verdicts = arrow.classify(responses)  # noqa: F841
    found = database.cursor().sql("select class, count(*) from verdicts group by all").fetchall()
    assert found == [("rate_limited", 300_000)]


def test_the_documentation() -> None:
    sections = (
        "Tables of responses",
        "What comes out",
        "Batches and streams",
        "Polars",
        "DuckDB",
    )
    exec(documented(*sections), {})
