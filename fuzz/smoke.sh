#!/bin/sh
# Runs every fuzz target for some seconds each (the first argument, 5 by default).
# A crash ends it, and leaves the input in fuzz/artifacts/<target>/.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-5}

command -v cargo-fuzz >/dev/null || cargo install --quiet --locked cargo-fuzz
fuzz/seeds.sh
# Stable compilers have what cargo-fuzz asks for, behind this switch.
export RUSTC_BOOTSTRAP=1
# The core has no unsafe code: panics are what there is to find, and no sanitizer is needed for them.
cargo fuzz build --sanitizer none
mkdir -p fuzz/artifacts
for target in $(cargo fuzz list); do
    log=fuzz/artifacts/$target.log
    echo "fuzzing $target for $seconds seconds"
    # With one seed it goes the same way each time: a failure comes from a change, not from luck.
    if ! cargo fuzz run --sanitizer none "$target" -- \
        -dict=fuzz/dictionary -max_total_time="$seconds" -timeout=10 -seed=1 >"$log" 2>&1; then
        grep -A 3 -e 'panicked at' -e 'ERROR: libFuzzer' -e 'Reproduce with' "$log" >&2
        exit 1
    fi
    grep '^Done' "$log"
done
