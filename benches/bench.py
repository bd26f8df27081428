"""How long cfblock and published packages take for the same responses, from Python.

    python benches/bench.py [--hostile] [--rounds 15] [--output times.json] [NAME...]

Needs the package ``cfblock`` and ``benches/peers/requirements.txt``, and cargo for
the core's own time. Names choose among the cases. ``--output`` writes every time in
the format of pyperf, for ``pyperf compare_to``.

All take turns in short samples, so that a busy moment of the machine hits each of
them; the median of the samples counts. Each gets what it asks for, prepared
beforehand: decoded text, a mapping of headers, a response object.
"""

from __future__ import annotations

import argparse
import json
import signal
import statistics
import subprocess
import timeit
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any

import cfblock
import pyperf

import peers_of_python

BENCHES = Path(__file__).parent
SAMPLE = 0.005
"""How many seconds a sample takes at least, unless one call takes longer."""
CAP = 10
"""After how many seconds a call is given up."""
BORDER = ["error-1015", "error-1020", "error-1020-text", "challenge-headers"]
"""The cases of which the cost of the border is shown; the first has 15 headers and 6 kB."""

THREADED = 20_000
"""How many responses each thread has."""

Detector = Callable[[], object]


def cases() -> list[dict[str, Any]]:
    """The cases of ``cases.json``, with their bodies and headers made."""
    described = json.loads((BENCHES / "cases" / "cases.json").read_text())
    return [build(case) for case in described]


def build(case: dict[str, Any]) -> dict[str, Any]:
    headers = [tuple(pair) for pair in case.get("headers") or []]
    for more in case.get("more_headers", []):
        field = (more["name"], more["value"] * more.get("value_times", 1))
        headers += [field] * more.get("times", 1)
    body = b""
    if "body_file" in case:
        body = (BENCHES / "cases" / case["body_file"]).read_bytes()
    elif "body" in case:
        body = "".join(part["text"] * part.get("times", 1) for part in case["body"]).encode()
    return case | {"status": case.get("status"), "headers": headers, "body": body}


def ours(case: dict[str, Any]) -> Callable[[], str]:
    """What a program does: it classifies, and reads what it decides by."""
    status, headers, body = case["status"], case["headers"], case["body"]

    def detect() -> str:
        verdict = cfblock.classify(status, headers, body)
        return f"{verdict.error_code or verdict.class_}" if verdict.blocked else verdict.action

    return detect


def nanoseconds(call: Detector, calls: int) -> float:
    start = perf_counter()
    for _ in range(calls):
        call()
    return (perf_counter() - start) * 1e9 / calls


def give_up(*_: object) -> None:
    raise TimeoutError


def calls_of_a_sample(call: Detector) -> int | None:
    """How many calls a sample has; ``None`` for a call that does not end in time."""
    signal.signal(signal.SIGALRM, give_up)
    calls = 1
    while True:
        signal.alarm(CAP)
        try:
            taken = nanoseconds(call, calls) * calls / 1e9
        except TimeoutError:
            return None
        finally:
            signal.alarm(0)
        if taken >= SAMPLE:
            return calls
        calls *= 2


def measure(detectors: dict[str, Detector], rounds: int) -> dict[str, list[float]]:
    """The times of all, in nanoseconds; none for those that do not end."""
    calls = {name: calls_of_a_sample(call) for name, call in detectors.items()}
    times: dict[str, list[float]] = {name: [] for name in detectors}
    for _ in range(rounds):
        for name, call in detectors.items():
            if count := calls[name]:
                times[name].append(nanoseconds(call, count))
    return times


def readable(time: float) -> str:
    if time < 1e3:
        return f"{time:.0f} ns"
    return f"{time / 1e3:.2f} µs" if time < 1e6 else f"{time / 1e6:.1f} ms"


def table(chosen: list[dict[str, Any]], rounds: int) -> list[pyperf.Benchmark]:
    """Prints a row a case: each time, in brackets how many times ours it is, and the answer."""
    print("| case | cfblock |", " | ".join(peers_of_python.PEERS), "|")
    print("|---|---|" + "---|" * len(peers_of_python.PEERS))
    kept = []
    for case in chosen:
        detectors: dict[str, Detector] = {"cfblock": ours(case)}
        detectors |= {name: peer(case) for name, peer in peers_of_python.PEERS.items()}
        times = measure(detectors, 3 if is_hostile(case) else rounds)
        base = statistics.median(times["cfblock"])
        cells = []
        for name, samples in times.items():
            if not samples:
                cells.append(f"more than {CAP} s")
                continue
            median = statistics.median(samples)
            ratio = "" if name == "cfblock" else f" ({median / base:.1f} ×)"
            cells.append(f"{readable(median)}{ratio} {detectors[name]() or '–'}")
            kept.append(benchmark(f"{case['name']}: {name}", samples))
        print(f"| {case['name']} |", " | ".join(cells), "|", flush=True)
    return kept


def benchmark(name: str, samples: list[float]) -> pyperf.Benchmark:
    seconds = [sample / 1e9 for sample in samples]
    run = pyperf.Run(seconds, metadata={"name": name}, collect_metadata=False)
    return pyperf.Benchmark([run])


def is_hostile(case: dict[str, Any]) -> bool:
    return str(case["name"]).startswith("hostile-")


def border(chosen: list[dict[str, Any]], rounds: int) -> None:
    """Prints what a call costs beyond the core's own time.

    The least of many short samples, of both: what is measured is small, and a
    busy machine only ever adds to it.
    """
    program = ["cargo", "run", "--quiet", "--release", "-p", "cfblock-benches"]
    program += ["--example", "core_times", "--", *(case["name"] for case in chosen)]
    best: dict[str, list[float]] = {case["name"]: [float("inf")] * 2 for case in chosen}
    for _ in range(3):
        core = json.loads(subprocess.check_output(program, cwd=BENCHES))
        for case in chosen:
            samples = [time * 1e9 / 100 for time in timed(case).repeat(100 * rounds, 100)]
            found = best[case["name"]]
            found[:] = min(found[0], core[case["name"]]), min(found[1], *samples)
    print("\n| case | headers | body, bytes | core | a call, three members read | the border |")
    print("|---|--:|--:|--:|--:|--:|")
    for case in chosen:
        core_time, call = best[case["name"]]
        shape = f"{len(case['headers'])} | {len(case['body'])}"
        print(
            f"| {case['name']} | {shape} | {readable(core_time)} | {readable(call)} "
            f"| {readable(call - core_time)} |"
        )


def timed(case: dict[str, Any]) -> timeit.Timer:
    names = {name: case[name] for name in ("status", "headers", "body")}
    call = "verdict = classify(status, headers, body)"
    read = "verdict.blocked; verdict.error_code; verdict.action"
    return timeit.Timer(f"{call}; {read}", globals=names | {"classify": cfblock.classify})


def threads(case: dict[str, Any], rounds: int) -> None:
    """Prints how much two threads gain on ``classify_many``, which lets other threads run."""
    many = [(case["status"], case["headers"], case["body"])] * THREADED
    gains = []
    with ThreadPoolExecutor(2) as pool:
        for _ in range(rounds):
            start = perf_counter()
            for _ in range(2):
                cfblock.classify_many(many)
            between = perf_counter()
            list(pool.map(cfblock.classify_many, [many, many]))
            gains.append((between - start) / (perf_counter() - between))
    print(
        f"\nTwo threads, each with {THREADED} × {case['name']} in classify_many, "
        f"against one thread: {statistics.median(gains):.2f} × as fast "
        f"(best round {max(gains):.2f} ×)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="parts of the names of cases")
    parser.add_argument("--hostile", action="store_true", help="the hostile cases too; minutes")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--output", type=Path, help="write all times for pyperf")
    options = parser.parse_args()
    known = cases()
    chosen = [
        case
        for case in known
        if (options.hostile or not is_hostile(case))
        and (not options.names or any(name in case["name"] for name in options.names))
    ]
    times = table(chosen, options.rounds)
    if options.output:
        pyperf.BenchmarkSuite(times).dump(str(options.output), replace=True)
    border([case for name in BORDER for case in known if case["name"] == name], options.rounds)
    threads(next(case for case in known if case["name"] == "ordinary-404"), options.rounds)


if __name__ == "__main__":
    main()
