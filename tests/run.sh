#!/usr/bin/env bash
# Sets up what is missing and runs every check of the repository. Stops at the
# first failure. Needs Rust (rustup or a distribution's) and a C linker.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

target=${CARGO_TARGET_DIR:-target}
log=$target/tests.log
mkdir -p "$target"
: >"$log"

step() {
    printf '\n== %s ==\n' "$1"
}

# need COMMAND PACKAGE: installs the Debian package if the command is missing.
need() {
    if command -v "$1" >/dev/null; then
        return
    fi
    echo "installing $2, that has the command $1"
    local root=()
    if [ "$(id -u)" != 0 ]; then
        root=(sudo -n)
    fi
    "${root[@]}" apt-get update -q
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$2"
}

# tests ARGUMENTS: cargo test, its results kept for the last line.
tests() {
    cargo test --locked "$@" 2>&1 | tee -a "$log"
}

step "tools"
need cc gcc
need c++ g++
need curl curl
need script bsdutils
need redis-server redis-server
need java default-jre-headless
need chromium chromium
if ! cargo fmt --version >/dev/null 2>&1 || ! cargo clippy --version >/dev/null 2>&1; then
    rustup component add rustfmt clippy
fi
rustc --version
cargo --version
cargo clippy --version
curl --version | head -n 1

step "format"
cargo fmt --all --check

step "lints"
cargo clippy --locked --workspace --all-targets -- -D warnings
cargo clippy --locked -p cfblock-core --no-default-features --all-targets -- -D warnings

step "tests, documentation examples, README, generated files"
rm -rf "$target/parity"
# The bindings are linked by their own tools, against an interpreter.
tests --workspace --exclude cfblock-py --exclude cfblock-node

step "without the feature html: the same records"
tests -p cfblock-core --no-default-features
tests -p cfblock-tests --no-default-features --test conformance
cmp "$target/parity/rust.jsonl" "$target/parity/rust-no-html.jsonl"
echo "$(wc -l <"$target/parity/rust.jsonl") records are equal"

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --exclude cfblock-py --exclude cfblock-node --no-deps

step "dependencies of the core"
crates=$(cargo tree --locked -p cfblock-core --no-default-features -e normal --prefix none | awk '{ print $1, $2 }' | sort -u)
count=$(wc -l <<<"$crates")
echo "$count crates, at most 20"
if [ "$count" -gt 20 ]; then
    echo "$crates"
    exit 1
fi

step "benchmarks, each once"
cargo bench --locked -p cfblock-benches --profile dev --bench classify --bench ratios -- --test

step "fuzz targets, a few seconds each"
bash fuzz/smoke.sh

step "the Python package"
cargo build --locked -p cfblock-tests --bin edge-server
bash cfblock-py/test.sh 2>&1 | tee -a "$log"

step "the npm package"
bash cfblock-node/test.sh --test-reporter=tap 2>&1 | tee "$target/node.log" | grep -vE '^ *(ok |# Subtest|---|duration_ms|type:|\.\.\.)'
cat "$target/node.log" >>"$log"

step "the same records in three languages"
cmp "$target/parity/rust.jsonl" "$target/parity/python.jsonl"
cmp "$target/parity/rust.jsonl" "$target/parity/node.jsonl"
echo "$(wc -l <"$target/parity/rust.jsonl") records are equal"

# The closing lines of cargo test, pytest and node's test runner.
awk '
    /^test result:/ { passed += $4; failed += $6 }
    /^[0-9]+ passed/ { passed += $1 }
    /^# pass / { passed += $3 }
    END { printf "\n%d tests passed, %d failed; every step is done\n", passed, failed }
' "$log"
