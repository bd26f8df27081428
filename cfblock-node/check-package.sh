#!/usr/bin/env bash
# Packs the package and the one for this platform, installs them in an empty
# project, and runs the first example of the README under ESM, CommonJS and
# TypeScript. Needs `npm ci` and `npm run build` before.
set -euo pipefail
cd "$(dirname "$0")"
source=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Publishing adds the packages of the platforms to package.json: done on a copy,
# for this platform alone.
mkdir -p "$work/packages/artifacts" "$work/project"
cp -r package.json README.md lib adapters bin native.cjs ../LICENSE-MIT ../LICENSE-APACHE "$work/packages"
cp ./*.node "$work/packages/artifacts"
cd "$work/packages"
host=$(rustc -vV | sed -n 's/^host: //p')
npm pkg set --json napi.targets="[\"$host\"]"
napi() {
    "$source/node_modules/.bin/napi" "$@" >"$work/napi.log" 2>&1 || { cat "$work/napi.log"; return 1; }
}
napi create-npm-dirs
napi artifacts --output-dir artifacts
napi pre-publish --tag-style npm --skip-optional-publish --no-gh-release
platform=$(ls npm)
npm pack --silent --pack-destination "$work" . "./npm/$platform"
ls -l "$work"/*.tgz | awk '{ print $9, $5, "bytes" }' | sed "s|$work/||"
tar -tzf "$work"/cfblock-[0-9]*.tgz | sort

"$source/node_modules/.bin/publint" --strict .
"$source/node_modules/.bin/attw" "$work"/cfblock-[0-9]*.tgz --profile node16 --ignore-rules cjs-resolves-to-esm

cd "$work/project"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --omit=optional "$work"/*.tgz
awk '/^```js$/ { found = 1; next } /^```$/ && found { exit } found' "$source/README.md" >first.mjs
sed "s/^import { classify } from 'cfblock';/const { classify } = require('cfblock');/" first.mjs >first.cjs
cp first.mjs first.ts
cat >tsconfig.json <<'TS'
{ "compilerOptions": { "strict": true, "module": "nodenext", "types": [], "lib": ["es2022", "dom", "dom.iterable"], "outDir": "out" }, "files": ["first.ts"] }
TS
"$source/node_modules/.bin/tsc" -p .
for program in first.mjs first.cjs out/first.js; do
    echo "-- node $program"
    node --disable-warning=ExperimentalWarning "$program"
done
npx --no-install cfblock explain 1015 | head -n 1
