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
for target in $(cargo fuzz list); do
    echo "fuzzing $target for $seconds seconds"
    cargo fuzz run --sanitizer none "$target" -- \
        -dict=fuzz/dictionary -max_total_time="$seconds" -timeout=10 -verbosity=0
done
