#!/bin/sh
# Counts the instructions of the cases and compares them with the counts in
# instructions.rs. Installs what it needs of cargo; valgrind comes from the system.
set -eu
cd "$(dirname "$0")/.."

if ! command -v valgrind >/dev/null; then
    echo "instructions.sh: valgrind is missing (apt-get install valgrind)" >&2
    exit 2
fi
# The runner must be of the same version as the crate.
version=$(sed -n '/^name = "gungraun"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
if [ "$(gungraun-runner --version 2>/dev/null)" != "gungraun-runner $version" ]; then
    cargo install --quiet --locked gungraun-runner --version "$version"
fi
exec cargo bench --quiet -p cfblock-benches --bench instructions -- "$@"
