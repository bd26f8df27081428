"""The corpus as a table, and the verdicts that its rows must get."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import cfblock
import pyarrow as pa
from conftest import REPOSITORY
from corpus import Case, cases

TEXT_PAIRS = pa.list_(pa.struct({"name": pa.binary(), "value": pa.binary()}))
SCHEMA = pa.schema(
    {
        "case": pa.string(),
        "status": pa.int32(),
        "headers": TEXT_PAIRS,
        "body": pa.binary(),
        "url": pa.string(),
        "truncated": pa.bool_(),
        "peer_ip": pa.string(),
        "time": pa.string(),
        "history": pa.list_(pa.struct({"status": pa.int16(), "location": pa.string()})),
    }
)


@cache
def table() -> pa.Table:
    """Every case of the corpus."""
    return pa.Table.from_pylist([_row(case) for case in cases()], schema=SCHEMA)


def _row(case: Case) -> dict[str, Any]:
    response = case.response
    headers = response.get("headers")
    if headers is not None:
        headers = [{"name": name.encode(), "value": value.encode()} for name, value in headers]
    known = {name: response.get(name) for name in SCHEMA.names}
    return known | {"case": case.name, "headers": headers, "time": response.get("now")}


@cache
def records() -> dict[str, dict[str, Any]]:
    """What ``cfblock.classify`` says about each case, by its name."""
    return {case.name: dict(cfblock.classify(**case.response).to_dict()) for case in cases()}


def assert_same(rows: list[dict[str, Any]], key: str = "case") -> None:
    """Holds the rows of a table of verdicts to the records of the single responses."""
    assert len(rows) == len(cases())
    for row in rows:
        expected = records()[row[key]]
        got = {name: value for name, value in row.items() if name != key}
        assert got == {name: expected[name] for name in got}, row[key]
        assert set(expected) - set(got) == {"steps", "causes", "upstream"}
        restored = cfblock.Verdict.from_record(got)
        assert restored.to_dict() == expected | {"upstream": None}, row[key]


def documented(*headings: str) -> str:
    """The Python of some sections of docs/arrow.md."""
    sections = re.split(
        r"^#+ (.*)\n", (REPOSITORY / "docs" / "arrow.md").read_text(), flags=re.MULTILINE
    )
    named = dict(zip(sections[1::2], sections[2::2], strict=True))
    text = "".join(named[heading] for heading in headings)
    return "\n".join(re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
