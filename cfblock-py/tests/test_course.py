"""The course of a request: the same steps as in the core, for every entry."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import cfblock
import pytest

COURSES = Path(__file__).parents[2] / "tests" / "courses.jsonl"
LIMITED = cfblock.classify(429, {"server": "cloudflare", "retry-after": "10"}, "error code: 1015")


def steps_of(course: cfblock.Course, verdict: cfblock.Verdict, most: int) -> list[list[Any]]:
    steps: list[list[Any]] = []
    while len(steps) < most:
        following = course.next(verdict, random=0.5)
        step = following["step"]["action"]
        hold: Any = following["hold"]
        steps.append([following["next"], following["seconds"], following["whom"], step, hold])
        if following["next"] == "end":
            break
        # A course goes on where it was stored.
        course = cfblock.Course.from_json(course.to_json())
    return steps


def test_courses_are_those_of_rust() -> None:
    lines = [json.loads(line) for line in COURSES.read_text().splitlines()]
    assert len(lines) > 500
    for line in lines:
        course = cfblock.Course(
            line["policy"], method=line["method"], can=["pause_host", "change_identity"]
        )
        verdict = cfblock.Verdict.from_record(line["verdict"])
        assert steps_of(course, verdict, 8) == line["steps"], line["verdict"]


def test_a_course_is_stored_and_copied() -> None:
    course = cfblock.Course(method="GET")
    assert course.next(LIMITED)["seconds"] >= 10  # type: ignore[operator]
    for other in (copy.copy(course), copy.deepcopy(course), pickle.loads(pickle.dumps(course))):
        assert other == course
        assert other.attempts == 1
        other.next(LIMITED)
        assert other != course


def test_failures_and_wrong_arguments() -> None:
    assert cfblock.Course().next("timeout", random=0)["next"] == "send_again"
    assert cfblock.Course(method="POST").next("timeout")["next"] == "end"
    with pytest.raises(ValueError, match="unknown Failure"):
        cfblock.Course().next("nope")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="outcome must be a Verdict"):
        cfblock.Course().next(403)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="can\\[0\\]"):
        cfblock.Course(can=["fly"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="course: "):
        cfblock.Course.from_json("{}")


def test_which_bodies_are_worth_reading() -> None:
    assert cfblock.needs_body(403)
    assert cfblock.needs_body(200, {"content-type": "text/html"})
    assert not cfblock.needs_body(200, {"content-type": "video/mp4"})
    assert not cfblock.needs_body(302, {"location": "/"})


def test_safe_to_repeat() -> None:
    unanswered = cfblock.classify(524, {"server": "cloudflare"}, "error code: 524")
    assert (unanswered.reached_origin, unanswered.site) == ("maybe", "down")
    assert unanswered.safe_to_repeat("PUT")
    assert not unanswered.safe_to_repeat("POST")
    assert unanswered.triage(method="POST").action == "inspect"
    assert unanswered.triage(method="POST", repeatable=True).action == "back_off"


@pytest.mark.parametrize("others", [None, True, False])
def test_no_context_of_a_preview_panics(others: bool | None) -> None:
    address = "https://shop.example/cdn-cgi/error/1002"
    headers = {"server": "cloudflare", "cf-ray": "8f1b2c3d4e5f6071-FRA"}
    preview = cfblock.classify(403, headers, b"error code: 1002", url=address)
    assert preview.triage(tried=["probe"], others_succeed=others).causes
