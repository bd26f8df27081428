"""Verdicts made by real Spark workers on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cfblock.spark
import pyarrow.parquet as pq
import pytest
from pyspark.errors import PythonException
from pyspark.sql import DataFrame, SparkSession
from tables import assert_same, documented, table


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.memory", "2g")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "50")
        .config("spark.log.level", "OFF")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="module")
def responses(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> DataFrame:
    folder = tmp_path_factory.mktemp("spark")
    half = len(table()) // 2
    for at, part in enumerate((table().slice(0, half), table().slice(half))):
        pq.write_table(part, folder / f"{at}.parquet")
    return spark.read.parquet(str(folder))


def test_every_case_of_the_corpus_is_classified_as_by_the_single_call(responses: DataFrame) -> None:
    rows = cfblock.spark.classify(responses, keep=["case"]).collect()
    assert_same([row.asDict(recursive=True) for row in rows])


def test_verdicts_can_be_joined_to_what_they_are_about(responses: DataFrame) -> None:
    made = cfblock.spark.classify(responses, keep=["case"], prefix="cf_")
    joined = responses.join(made, "case").where("cf_class = 'rate_limited' and cf_retry_after > 0")
    assert joined.count() > 0
    assert joined.where("status != cf_status").count() == 0


def test_the_schema_has_types_of_spark() -> None:
    fields = {field.name: field.dataType.simpleString() for field in cfblock.spark.schema()}
    assert fields["class"] == "string"
    assert fields["error_code"] == "int"
    assert fields["retry_after"] == "bigint"
    assert fields["evidence"] == "array<struct<signal:string,where:string,at:bigint>>"


def test_headers_may_be_a_map(spark: SparkSession) -> None:
    made = cfblock.spark.classify(
        spark.sql("select map('retry-after', '30') headers, 'error code: 1015' body, 'x' k"),
        keep=["k"],
    )
    [row] = made.select("k", "class", "retry_after").collect()
    assert tuple(row) == ("x", "rate_limited", 30)


@pytest.mark.parametrize(
    ("query", "options", "error", "message"),
    [
        ("select 1 id", {}, ValueError, "none of the columns status, headers, body"),
        ("select '403' status", {}, TypeError, 'column "status" is utf8'),
        ("select 403 status", {"keep": ["id"]}, ValueError, 'no column "id"'),
        ("select 403 status", {"keep": ["status"]}, ValueError, "prefix"),
        ("select 403 status", {"keep": "status"}, TypeError, "keep must be"),
    ],
)
def test_what_cannot_be_classified_is_refused_at_once(
    spark: SparkSession, query: str, options: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        cfblock.spark.classify(spark.sql(query), **options)


def test_a_worker_without_the_package_says_so(spark: SparkSession) -> None:
    def without(batches: Any) -> Any:
        sys.modules["cfblock"] = None  # type: ignore[assignment]
        try:
            yield from classify(batches)
        finally:
            del sys.modules["cfblock"]

    classify = cfblock.spark._classifier([], "")
    rows = spark.sql("select 403 status").mapInArrow(without, cfblock.spark.schema())
    with pytest.raises(PythonException, match="installed on every worker"):
        rows.collect()


def test_the_documentation(
    spark: SparkSession,
    responses: DataFrame,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    small = responses.where("body is null or length(body) < 100000")
    small.withColumnRenamed("case", "id").write.parquet(str(tmp_path / "responses"))
    exec(documented("Spark").replace('"responses"', f'"{tmp_path}/responses"'), {"spark": spark})
    assert "waiting_room" in capsys.readouterr().out
