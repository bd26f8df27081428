#!/usr/bin/env bash
# Builds the sdist, the wheel from it, installs the wheel alone into an empty
# environment, and runs a first example there. Prints the sizes.
set -euo pipefail
cd "$(dirname "$0")"

target=${CARGO_TARGET_DIR:-$PWD/../target}
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$python" -m venv "$work/tools"
"$work/tools/bin/pip" install --quiet --disable-pip-version-check "maturin>=1.16,<2"
# The wheel is made from the sdist, which has a shorter lock file; what it compiles stays in the build folder.
CARGO_TARGET_DIR=$target "$work/tools/bin/maturin" build --release --sdist --quiet --out "$work/dist"

"$python" -m venv "$work/empty"
"$work/empty/bin/pip" install --quiet --disable-pip-version-check --no-index --no-deps "$work"/dist/*.whl

echo "-- the first example"
cd "$work"
empty/bin/python - <<'PYTHON'
import cfblock

verdict = cfblock.classify(
    429,
    [("server", "cloudflare"), ("cf-ray", "8f1b2c3d4e5f6071-FRA"), ("retry-after", "10")],
    b"error code: 1015",
)
print(repr(verdict))
assert (verdict.blocked, verdict.error_code, verdict.action, verdict.retry_after) == (True, 1015, "wait", 10)
PYTHON
empty/bin/cfblock explain 1020 | head -n 1
empty/bin/python -m cfblock --version

echo "-- what the files hold"
"$python" - dist <<'PYTHON'
import sys
import tarfile
import zipfile
from pathlib import Path

(wheel,) = Path(sys.argv[1]).glob("*.whl")
(sdist,) = Path(sys.argv[1]).glob("*.tar.gz")
held = {wheel: zipfile.ZipFile(wheel).namelist(), sdist: tarfile.open(sdist).getnames()}
for file, names in held.items():
    found = {name.rsplit("/", 1)[-1] for name in names}
    missing = {"LICENSE-MIT", "LICENSE-APACHE", "py.typed", "_cfblock.pyi"} - found
    assert not missing, f"{file.name} lacks {missing}"
    print(f"{file.name}: {file.stat().st_size / 1e6:.2f} MB, {len(names)} files")
about = next(name for name in held[wheel] if name.endswith(".dist-info/METADATA"))
assert "classify(" in zipfile.ZipFile(wheel).read(about).decode(), "the README is missing"
PYTHON
