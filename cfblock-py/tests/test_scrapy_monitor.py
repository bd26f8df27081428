"""The monitor in a crawl: incidents in stats, log and signal, and over several runs."""

from __future__ import annotations

from pathlib import Path

from conftest import Edge
from scrapy_harness import crawl


def test_an_incident_opens_and_ends_over_the_runs_of_a_job(edge: Edge, tmp_path: Path) -> None:
    settings = {"CFBLOCK_MONITOR": True, "JOBDIR": str(tmp_path), "CONCURRENT_REQUESTS": 1}
    healthy = crawl(*(edge / f"site/{page}" for page in range(200)), **settings)
    assert healthy.cfblock_stats("incident/") == {}

    edge.sicken()
    sick = crawl(*(edge / f"site/{page}" for page in range(10)), **settings)
    assert sick.cfblock_stats("incident/")["opened"] == 1
    signals = sick.of("incident")
    assert {signal["spider"] for signal in signals} == {"job"}
    opened = next(
        signal["event"] for signal in signals if signal["event"]["event"] == "incident_opened"
    )
    assert (opened["pipeline_id"], opened["host"]) == ("job", "127.0.0.1")
    assert (opened["class"], opened["error_code"]) == ("site_misconfigured", 1002)
    assert "WARNING: Incident opened: site_misconfigured 1002 at 127.0.0.1" in sick.log

    edge.sicken(False)
    well = crawl(*(edge / f"site/{page}" for page in range(10)), **settings)
    assert well.cfblock_stats("incident/") == {"recovered": 1}


def test_a_state_that_cannot_be_read_is_left_behind(edge: Edge, tmp_path: Path) -> None:
    (tmp_path / "cfblock-monitor.json").write_text("{")
    done = crawl(edge / "ok", CFBLOCK_MONITOR=True, JOBDIR=str(tmp_path))
    assert set(done.pages) == {"/ok"}
    assert "The monitor starts anew" in done.log
    again = crawl(edge / "ok", CFBLOCK_MONITOR=True, JOBDIR=str(tmp_path))
    assert "The monitor starts anew" not in again.log


def test_a_recorder_that_fails_does_not_stop_the_crawl(edge: Edge) -> None:
    done = crawl(
        edge / "ok",
        edge / "blocked-1020",
        CFBLOCK_MONITOR=True,
        CFBLOCK_RECORDER="__main__.BrokenRecorder",
    )
    assert set(done.pages) == {"/ok", "/blocked-1020"}
    assert done.cfblock_stats("recorder_error") == {"": 3}
    assert done.log.count("ConnectionError: no recorder here") == 1
