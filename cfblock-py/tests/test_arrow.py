"""Tables of every layout, hostile ones, and what comes out of them."""

from __future__ import annotations

import ctypes
import datetime
import struct
import threading
import time
from typing import Any

import cfblock.arrow
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tables import SCHEMA, assert_same, table

BLOCKED: dict[str, Any] = {
    "status": 403,
    "headers": [("Server", "cloudflare"), ("CF-RAY", "8f1b2c3d4e5f6071-FRA")],
    "body": b"error code: 1020",
}


def verdicts(data: Any, **options: Any) -> list[dict[str, Any]]:
    """The rows of the table that comes out."""
    rows: list[dict[str, Any]] = pa.table(cfblock.arrow.classify(data, **options)).to_pylist()
    return rows


def column(name: str, values: pa.Array) -> pa.Table:
    """The blocked response, thrice, with one column of another layout."""
    columns = {
        "status": [403] * 3,
        "headers": [BLOCKED["headers"]] * 3,
        "body": [BLOCKED["body"]] * 3,
    }
    return pa.table(columns | {name: values})


def test_every_case_of_the_corpus_is_classified_as_by_the_single_call() -> None:
    assert_same(verdicts(table(), keep=["case"]))


def test_slices_and_chunks_are_read_at_their_place() -> None:
    whole = verdicts(table(), keep=["case"])
    assert verdicts(table().slice(7, 90), keep=["case"]) == whole[7:97]
    chunked = pa.concat_tables([table().slice(0, 5), table().slice(5)])
    assert verdicts(chunked, keep=["case"]) == whole
    [batch] = table().combine_chunks().to_batches()
    assert verdicts(batch.slice(11, 13), keep=["case"]) == whole[11:24]
    assert verdicts(batch.slice(11, 0), keep=["case"]) == []


@pytest.mark.parametrize(
    "kind",
    [
        pa.int8(),
        pa.int16(),
        pa.int32(),
        pa.int64(),
        pa.uint8(),
        pa.uint16(),
        pa.uint32(),
        pa.uint64(),
    ],
)
def test_statuses_of_any_width(kind: pa.DataType) -> None:
    data = pa.table({"status": pa.array([None, 101, 7], kind)})
    assert [row["status"] for row in verdicts(data)] == [None, 101, 7]


def test_a_number_that_is_no_status_counts_as_unknown() -> None:
    data = pa.table({"status": pa.array([-1, 65_536, 2**63 - 1, 200], pa.int64())})
    assert [row["status"] for row in verdicts(data)] == [None, None, None, 200]
    assert verdicts(pa.table({"status": pa.array([2**64 - 1], pa.uint64())}))[0]["status"] is None


@pytest.mark.parametrize(
    "kind",
    [
        pa.binary(),
        pa.large_binary(),
        pa.binary_view(),
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.dictionary(pa.int8(), pa.binary()),
        pa.dictionary(pa.uint32(), pa.large_string()),
    ],
)
def test_bodies_of_any_layout(kind: pa.DataType) -> None:
    page = f"<html>{'x' * 100}</html>"
    texts = [None, "error code: 1015", page]
    if pa.types.is_dictionary(kind):
        body = pa.array(texts, kind.value_type).dictionary_encode().cast(kind)
    else:
        body = pa.array(texts, kind)
    found = verdicts(column("body", body).slice(0, 3))
    assert [row["error_code"] for row in found] == [None, 1015, None]
    assert verdicts(column("body", body).slice(1, 1))[0]["error_code"] == 1015


PAIRS = [("server", "cloudflare"), ("cf-ray", "8f1b2c3d4e5f6071-FRA")]
NAMED = [{"name": name, "value": value} for name, value in PAIRS]


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        (pa.list_(pa.struct({"name": pa.string(), "value": pa.string()})), NAMED),
        (pa.list_(pa.struct({"value": pa.binary(), "name": pa.binary_view()})), NAMED),
        (
            pa.large_list(pa.struct({"_1": pa.large_string(), "_2": pa.string_view()})),
            [{"_1": name, "_2": value} for name, value in PAIRS],
        ),
        (pa.list_(pa.list_(pa.string())), PAIRS),
        (pa.large_list(pa.large_list(pa.large_binary())), PAIRS),
        (pa.map_(pa.string(), pa.string()), PAIRS),
        (pa.map_(pa.binary(), pa.list_(pa.binary())), [(a, [b"-", b.encode()]) for a, b in PAIRS]),
        (pa.struct({"server": pa.string(), "cf-ray": pa.list_(pa.string())}),
         {"server": "cloudflare", "cf-ray": ["8f1b2c3d4e5f6071-FRA"]}),
    ],
)  # fmt: skip
def test_headers_of_any_layout(kind: pa.DataType, headers: Any) -> None:
    whole = column("headers", pa.array([None, headers, headers], kind))
    for data in (whole, whole.slice(1)):
        row = verdicts(data)[-1]
        assert (row["ray_id"], row["colo"]) == ("8f1b2c3d4e5f6071", "FRA")
    assert verdicts(whole.slice(0, 1))[0]["error_code"] == 1020


def test_headers_that_are_null_or_odd_are_passed_over() -> None:
    kind = pa.list_(pa.struct({"name": pa.string(), "value": pa.string()}))
    odd = [None, {"name": None, "value": "a"}, {"name": "a", "value": None}, *NAMED]
    assert verdicts(column("headers", pa.array([odd] * 3, kind)))[0]["colo"] == "FRA"
    triples = [["a"], ["a", "b", "c"], *PAIRS]
    assert verdicts(column("headers", pa.array([triples] * 3)))[0]["colo"] == "FRA"


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_are_timestamps_or_texts(unit: str) -> None:
    asked = datetime.datetime(2026, 11, 20, 12, 0, 0, tzinfo=datetime.UTC)
    headers = [("server", "cloudflare"), ("retry-after", "Fri, 20 Nov 2026 12:00:30 GMT")]
    data = pa.table(
        {
            "status": [429],
            "headers": [headers],
            "body": ["error code: 1015"],
            "time": pa.array([asked], pa.timestamp(unit, "UTC")),
        }
    )
    assert verdicts(data)[0]["retry_after"] == 30
    text = data.set_column(3, "time", pa.array(["2026-11-20T12:00:00Z"]))
    assert verdicts(text)[0]["retry_after"] == 30
    assert (
        verdicts(data.set_column(3, "time", pa.array(["yesterday"])))[0]["class"] == "rate_limited"
    )


def test_rows_that_are_null_are_unknown() -> None:
    kind = pa.struct({"status": pa.int16(), "body": pa.string()})
    rows = pa.array([None, {"status": 429, "body": "error code: 1015"}], kind)
    found = pa.record_batch(cfblock.arrow.classify(rows)).to_pylist()
    assert [row["class"] for row in found] == ["passed", "rate_limited"]
    assert found[0]["status"] is None


def test_kept_columns_come_first_and_are_not_copied() -> None:
    [batch] = table().combine_chunks().to_batches()
    found = pa.record_batch(cfblock.arrow.classify(batch, keep=["body", "case"], prefix="cf_"))
    assert found.schema.names[:3] == ["body", "case", "cf_class"]
    assert found.column("body").equals(batch.column("body"))
    assert found.column("body").buffers()[2].address == batch.column("body").buffers()[2].address


def test_the_schema_is_that_of_the_verdicts() -> None:
    schema = pa.schema(cfblock.arrow.SCHEMA)
    assert pa.table(cfblock.arrow.classify(table())).schema == schema
    assert schema.names == cfblock.arrow.SCHEMA.names
    assert schema.field("class").type == pa.dictionary(pa.int16(), pa.string())
    assert pa.schema(cfblock.arrow.VerdictSchema("cf_")).names[0] == "cf_class"
    assert "class: dictionary" in repr(cfblock.arrow.SCHEMA)
    made = cfblock.arrow.classify(table(), keep=["case"])
    assert pa.schema(made).names == ["case", *schema.names]


def test_a_table_can_be_read_again_and_a_batch_knows_its_length(tmp_path: Any) -> None:
    made = cfblock.arrow.classify(table())
    assert pa.table(made).equals(pa.table(made))
    assert "Table" in repr(made)
    batch = cfblock.arrow.classify(table().to_batches()[0])
    assert len(batch) == len(table())
    pq.write_table(pa.table(made), tmp_path / "verdicts.parquet")
    assert pq.read_table(tmp_path / "verdicts.parquet").to_pylist() == pa.table(made).to_pylist()


def test_a_stream_is_read_batch_by_batch() -> None:
    asked = []

    def batches() -> Any:
        for at in range(5):
            asked.append(at)
            yield from table().slice(at, 1).to_batches()

    source = pa.RecordBatchReader.from_batches(SCHEMA, batches())
    reader = pa.RecordBatchReader.from_stream(cfblock.arrow.classify(source))
    assert asked == []
    reader.read_next_batch()
    assert asked == [0]
    assert reader.read_all().num_rows == 4


def test_an_error_of_the_source_is_handed_on() -> None:
    def batches() -> Any:
        yield from table().slice(0, 1).to_batches()
        raise OSError("the disk is gone")

    source = pa.RecordBatchReader.from_batches(SCHEMA, batches())
    with pytest.raises(ValueError, match="the disk is gone"):
        pa.table(cfblock.arrow.classify(source))


@pytest.mark.parametrize(
    ("columns", "error", "message"),
    [
        ({"body": [1]}, TypeError, 'column "body" is int64, expected binary or string'),
        ({"status": ["403"]}, TypeError, 'column "status" is utf8, expected an integer'),
        ({"status": [403.0]}, TypeError, 'column "status" is float64, expected an integer'),
        ({"headers": ["server: a"]}, TypeError, 'column "headers" is utf8, expected a list'),
        ({"headers": [[1]]}, TypeError, 'column "headers" is List'),
        ({"status": [1], "url": [1]}, TypeError, 'column "url" is int64'),
        (
            {"status": [1], "truncated": [1]},
            TypeError,
            'column "truncated" is int64, expected bool',
        ),
        ({"status": [1], "history": [[1]]}, TypeError, 'column "history" is List'),
        (
            {"status": [1], "time": [datetime.datetime(2026, 1, 1)]},
            TypeError,
            "expected a timestamp with a time zone",
        ),
        (
            {"html": [1], "id": [2]},
            ValueError,
            "none of the columns status, headers, body; .* html, id",
        ),
    ],
)
def test_a_wrong_column_is_named(columns: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        cfblock.arrow.classify(pa.table(columns))
    with pytest.raises(error, match=message):
        cfblock.arrow.classify(pa.table(columns).to_batches()[0])


def test_a_column_that_occurs_twice_is_named() -> None:
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["status", "status"])
    with pytest.raises(ValueError, match='two columns "status"'):
        cfblock.arrow.classify(twice)


def test_wrong_arguments_are_named() -> None:
    classify: Any = cfblock.arrow.classify
    for data in (None, 1, [{"status": 200}], {"status": [200]}):
        with pytest.raises(TypeError, match="data must be a table, batch or stream"):
            classify(data)
    with pytest.raises(TypeError, match="data is of int64"):
        classify(pa.array([1]))
    with pytest.raises(TypeError, match="keep must be names"):
        classify(table(), keep="case")
    with pytest.raises(ValueError, match='no column "id"'):
        classify(table(), keep=["id"])
    with pytest.raises(ValueError, match='"status" is to be kept and made'):
        classify(table(), keep=["status"])
    with pytest.raises(ValueError, match="NUL"):
        classify(table(), prefix="a\0b")


def test_a_capsule_that_was_read_or_holds_something_else_is_refused() -> None:
    [batch] = table().combine_chunks().to_batches()
    schema, array = batch.__arrow_c_array__()

    class Held:
        def __arrow_c_array__(self, requested_schema: object = None) -> Any:
            return schema, array

    class Swapped:
        def __arrow_c_array__(self, requested_schema: object = None) -> Any:
            return array, schema

    class Odd:
        def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
            return 1

    assert len(cfblock.arrow.classify(Held())) == len(table())
    with pytest.raises(ValueError, match="read before"):
        cfblock.arrow.classify(Held())
    with pytest.raises(ValueError, match="PyCapsule"):
        cfblock.arrow.classify(Swapped())
    with pytest.raises(TypeError):
        cfblock.arrow.classify(Odd())


class Corrupted:
    """A batch whose struct of C is changed before it is handed over."""

    def __init__(self, array: pa.Array, **changes: int) -> None:
        self._batch = pa.record_batch([array], names=["body"])
        self._changes = changes

    def __arrow_c_array__(self, requested_schema: object = None) -> Any:
        schema, array = self._batch.__arrow_c_array__()
        pointer = ctypes.pythonapi.PyCapsule_GetPointer
        pointer.restype = ctypes.c_void_p
        pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
        outer = (ctypes.c_int64 * 5).from_address(pointer(array, b"arrow_array"))
        for name, value in self._changes.items():
            place = ["length", "null_count", "offset", "n_buffers", "n_children"].index(name)
            outer[place] = value
        return schema, array


def corrupt_offsets(offsets: list[int]) -> tuple[pa.RecordBatch, pa.Table]:
    """Bodies whose offsets are changed behind the back of pyarrow, which checks them."""
    memory = bytearray(4 * len(offsets))
    buffers = [None, pa.py_buffer(memory), pa.py_buffer(b"error code: 1020")]
    bodies = pa.Array.from_buffers(pa.binary(), len(offsets) - 1, buffers)
    batch = pa.record_batch([bodies], names=["body"])
    table = pa.Table.from_batches([batch])
    memory[:] = struct.pack(f"{len(offsets)}i", *offsets)
    return batch, table


@pytest.mark.parametrize("offsets", [[0, 16, -1], [0, 99, 16], [9, 4, 16], [-5, 3, 16]])
def test_corrupt_offsets_are_an_error(offsets: list[int]) -> None:
    batch, table = corrupt_offsets(offsets)
    with pytest.raises(ValueError, match=r"schema says|negative"):
        cfblock.arrow.classify(batch)
    with pytest.raises(ValueError, match=r"schema says|negative"):
        pa.table(cfblock.arrow.classify(table))


@pytest.mark.parametrize(
    "change",
    [
        {"length": -1},
        {"offset": -1},
        {"length": 2**62},
        {"n_children": 0},
        {"n_buffers": 3},
    ],
)
def test_corrupt_structs_are_an_error(change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="data"):
        cfblock.arrow.classify(Corrupted(pa.array([b"a", b"b"]), **change))


def test_a_dictionary_with_keys_beyond_its_words_is_an_error() -> None:
    keys = pa.array([0, 7], pa.int8())
    words = pa.array(["error code: 1020"])
    beyond = pa.DictionaryArray.from_arrays(keys, words, safe=False)
    with pytest.raises(ValueError, match="schema says"):
        cfblock.arrow.classify(pa.record_batch([beyond], names=["body"]))


def test_other_threads_run_meanwhile() -> None:
    one = pa.table({name: [value] for name, value in BLOCKED.items()})
    batch = pa.concat_batches(one.to_batches() * 100_000)
    running = threading.Event()
    turns = 0

    def count() -> None:
        nonlocal turns
        running.set()
        while running.is_set():
            turns += 1
            time.sleep(0)

    thread = threading.Thread(target=count)
    thread.start()
    running.wait()
    before = turns
    cfblock.arrow.classify(batch)
    during = turns - before
    running.clear()
    thread.join()
    assert during > 100
