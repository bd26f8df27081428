"""What cfblock adds to a Spark job: ``mapInArrow`` with it, beside one that passes rows through.

    python benches/spark_bench.py [--rows 100000] [--rounds 5]

Needs the packages ``cfblock``, pyspark and pyarrow, and Java 17. Both jobs read
the same Parquet file, with 15 headers a row and bodies of 1.5 to 6 kB, and
their output is thrown away. The best of some rounds, in which they take turns.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cfblock.spark
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession

from arrow_bench import SCHEMA, case


def write(file: Path, count: int) -> None:
    """A crawl in which one response in twenty is a block."""
    chance = random.Random(1)
    ordinary, refused = case("ordinary"), case("error-1015")
    page, headers = ordinary["body"], ordinary["headers"][:15]

    def row(number: int) -> dict[str, Any]:
        if number % 20 == 0:
            return refused
        start = chance.randrange(1000)
        body = page[start : start + chance.randrange(1500, 6000)]
        return ordinary | {"body": body, "headers": headers}

    with pq.ParquetWriter(file, SCHEMA) as writer:
        for start in range(0, count, 10_000):
            rows = [row(number) for number in range(start, min(start + 10_000, count))]
            writer.write_batch(pa.RecordBatch.from_pylist(rows, schema=SCHEMA))


def same(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Passes rows through."""
    yield from batches


def seconds(rows: DataFrame) -> float:
    """One run of the job."""
    start = time.perf_counter()
    rows.write.format("noop").mode("overwrite").save()
    return time.perf_counter() - start


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", "2g")
        .config("spark.log.level", "OFF")
        .getOrCreate()
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "responses.parquet"
        write(file, options.rows)
        size = file.stat().st_size / 1e6
        responses = spark.read.parquet(str(file))
        jobs = {
            "rows passed through": responses.mapInArrow(same, responses.schema),
            "verdicts": cfblock.spark.classify(responses),
            "rows with verdicts": cfblock.spark.classify(
                responses, keep=responses.columns, prefix="cf_"
            ),
        }
        for job in jobs.values():
            seconds(job)
        rounds = [[seconds(job) for job in jobs.values()] for _ in range(options.rounds)]
    spark.stop()
    print(f"{options.rows} rows, {size:.0f} MB")
    best = [min(times) for times in zip(*rounds, strict=True)]
    for name, taken in zip(jobs, best, strict=True):
        print(f"{name}: {taken:.2f} s, {taken / best[0]:.2f} of the first")


if __name__ == "__main__":
    main()
