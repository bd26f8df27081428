#!/usr/bin/env bash
# Builds the addon and runs every check of the npm package. tests/run.sh sets up
# Chromium, and calls it.
set -euo pipefail
cd "$(dirname "$0")"

if ! node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit(major >= 23 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)'; then
    echo "Node 20.19 or later is needed, this is $(node --version)" >&2
    exit 1
fi

echo "-- the addon"
PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error
npm run --silent build >/dev/null

echo "-- types"
npm run --silent typecheck

echo "-- tests"
node --test "$@" test/*.test.js

echo "-- the package, installed in an empty project"
./check-package.sh
