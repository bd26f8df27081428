#!/usr/bin/env bash
# Builds the wheel, installs it beside the libraries it is used with, and runs
# every check of the Python package. tests/run.sh sets up Redis, Java and
# Chromium, and calls it.
set -euo pipefail
cd "$(dirname "$0")"

target=${CARGO_TARGET_DIR:-$PWD/../target}
venv=$target/python/venv
wheels=$target/python/wheels
python=${PYTHON:-python3}

if ! [ -x "$venv/bin/python" ]; then
    "$python" -m venv "$venv"
fi
. "$venv/bin/activate"
pip install --quiet --disable-pip-version-check -r tests/requirements.txt

echo "-- the wheel"
rm -rf "$wheels"
maturin build --release --locked --quiet --out "$wheels"
pip install --quiet --disable-pip-version-check --force-reinstall --no-deps "$wheels"/*.whl
ls -l "$wheels" | awk 'NF > 8 { print $9, $5, "bytes" }'

echo "-- format, lints, types"
ruff format --check .
ruff check .
mypy python/cfblock

echo "-- tests"
# Spark's and Ray's workers have to be this interpreter.
PYSPARK_PYTHON=$(command -v python) RAY_USAGE_STATS_ENABLED=0 pytest "$@"

echo "-- the sdist and the wheel, in an empty environment"
deactivate
./check-wheel.sh
