"""Verdicts made by real Ray workers on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tables import assert_same, documented, table

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")

import cfblock.ray
import ray


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    ray.init(
        num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR",
        object_store_memory=512 * 2**20, configure_logging=False,
    )  # fmt: skip
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield
    ray.shutdown()


def test_every_case_of_the_corpus_is_classified_as_by_the_single_call() -> None:
    half = len(table()) // 2
    responses = ray.data.from_arrow([table().slice(0, half), table().slice(half)])
    assert_same(cfblock.ray.classify(responses, keep=["case"]).take_all())


def test_options_go_to_map_batches_and_prefixes_to_names() -> None:
    responses = ray.data.from_arrow(table().slice(0, 40))
    made = cfblock.ray.classify(responses, prefix="cf_", batch_size=16)
    assert {row["cf_confidence"] for row in made.take_all()} <= {
        "possible",
        "likely",
        "certain",
        "stated",
    }


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ([{"id": 1}], {}, "none of the columns status, headers, body"),
        ([{"status": "403"}], {}, 'column "status" is utf8'),
        ([{"status": 403}], {"keep": ["id"]}, 'no column "id"'),
    ],
)
def test_what_cannot_be_classified_is_said(rows: Any, options: Any, message: str) -> None:
    made = cfblock.ray.classify(ray.data.from_items(rows), **options)
    with pytest.raises(Exception, match=message):
        made.take_all()


def test_wrong_arguments_are_refused_at_once() -> None:
    with pytest.raises(TypeError, match="keep must be"):
        cfblock.ray.classify(ray.data.from_items([{"status": 403}]), keep="status")


def test_the_documentation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "responses").mkdir()
    responses = table().rename_columns(["id", *table().column_names[1:]])
    pq.write_table(responses, tmp_path / "responses" / "0.parquet")
    exec(documented("Ray").replace('"responses"', f'"{tmp_path}/responses"'), {"ray": ray})
    assert "waiting_room" in capsys.readouterr().out
