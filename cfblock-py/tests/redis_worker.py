"""A worker that the tests start as a process of its own, and kill.

It asks the pages that it is given, tells the shared monitor, and prints what it
has seen and what Redis has acknowledged, so that the one who kills it knows.
"""

from __future__ import annotations

import argparse
import itertools
import os
import signal
import sys
import urllib.error
import urllib.request
from typing import Any

from cfblock import classify
from cfblock.integrations.redis import SharedMonitor
from redis_server import Flaky


def crawl(arguments: argparse.Namespace) -> None:
    """Asks the same page until it is told to stop, or killed."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
    worker = SharedMonitor(
        arguments.redis, worker=arguments.name, interval_s=0.1, hold_s=2, checkpoint_s=0.3
    )
    worker.flush()
    worker.start()
    for _ in itertools.count():
        sent = worker.counters()["sent"]
        say("sent", sent)
        if stopped:
            break
        worker.observe("prices", "shop.example", ask(arguments.url))
        say("seen", worker.counters()["observed"])
    worker.close()
    say("sent", worker.counters()["sent"])


def ask(url: str) -> Any:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return classify(response.status, response.headers.items(), response.read())
    except urllib.error.HTTPError as error:
        return classify(error.code, error.headers.items(), error.read())


def die(arguments: argparse.Namespace) -> None:
    """Leads, finds an incident, and kills itself before or after a command on the way."""
    client = Flaky(port=arguments.port)
    leader = SharedMonitor(
        client, key_prefix=arguments.prefix, worker="victim", interval_s=0.1, hold_s=1
    )
    leader.flush()
    for _ in range(300):
        leader.observe("prices", "shop.example", "passed")
    leader.flush()
    for _ in range(20):
        leader.observe("prices", "shop.example", "site_misconfigured", error_code=1002)
    commands = itertools.count()
    execute = client.execute_command

    def execute_or_die(*command: Any, **options: Any) -> Any:
        is_last = next(commands) == arguments.step
        if is_last and arguments.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        reply = execute(*command, **options)
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return reply

    client.execute_command = execute_or_die  # type: ignore[method-assign]
    leader.flush()
    say("survived", 0)


def say(what: str, number: int) -> None:
    sys.stdout.write(f"{what} {number}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)
    crawling = commands.add_parser("crawl")
    crawling.add_argument("redis")
    crawling.add_argument("url")
    crawling.add_argument("name")
    crawling.set_defaults(run=crawl)
    dying = commands.add_parser("die")
    dying.add_argument("port", type=int)
    dying.add_argument("prefix")
    dying.add_argument("step", type=int)
    dying.add_argument("when", choices=["before", "after"])
    dying.set_defaults(run=die)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
