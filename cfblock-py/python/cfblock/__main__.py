"""The command ``cfblock``; also ``python -m cfblock``."""

import signal
import sys

from cfblock._cfblock import run_command


def main() -> int:
    """Runs the command with the arguments of this process and returns its exit status."""
    # The command runs outside the interpreter, which could not act on its own handler.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run_command(["cfblock", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
