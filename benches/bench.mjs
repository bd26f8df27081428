// Times the npm package beside the core, and beside other detectors, on the cases of `cases/`.
//
//   cd cfblock-node && npm ci && npm run build
//   cd ../benches && npm ci && node bench.mjs [CASE…]
//
// Ratios hold on a machine that others use too; nanoseconds are of this run.
import { spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { argv } from 'node:process';
import { RETRY_CSS_SELECTORS } from '@crawlee/utils';
import { load } from 'cheerio';
import cloudscraper from 'cloudscraper';
import { measure } from 'mitata';
import { classify } from '../cfblock-node/lib/index.js';

const isAntibot = createRequire(import.meta.url)('is-antibot');

const CASES = ['challenge', 'error-1015', 'error-1020', 'origin-403', 'ordinary'];
const ROUNDS = 5;

const described = JSON.parse(readFileSync(new URL('cases/cases.json', import.meta.url)));

/** A case with everything that any detector takes, made outside the clock. */
function readCase(name) {
  const { status, headers, body_file: file, url, expect } = described.find((one) => one.name === name);
  const body = readFileSync(new URL(`cases/${file}`, import.meta.url));
  const html = body.toString();
  const fetched = new Headers(headers);
  const object = Object.fromEntries(headers.map(([key, value]) => [key.toLowerCase(), value]));
  return { name, status, headers, body, url, expect, html, fetched, object };
}

const ours = ({ status, headers, body }) => {
  const verdict = classify({ status, headers, body });
  return [verdict.blocked, verdict.errorCode, verdict.action];
};

/** What Crawlee's CheerioCrawler does: blocked statuses, then selectors in the parsed page. */
const crawlee = ({ status, html }) => {
  const $ = load(html);
  const selector = RETRY_CSS_SELECTORS.find((one) => $(one).length > 0);
  return selector !== undefined || [401, 403, 429].includes(status);
};

/** What cloudscraper says of a response that its own request has received. */
const scraped = ({ status, object, body, url }) => {
  let answer = 'passed';
  const request = Object.assign(new EventEmitter(), {
    getHeader: () => '',
    callback: (error) => {
      if (error) answer = error.name;
    },
  });
  cloudscraper({ uri: url, requester: () => request, callback: request.callback });
  request.emit('complete', { statusCode: status, headers: object, body, request }, body);
  return answer;
};

const others = [
  ['is-antibot', ({ status, fetched, html, url }) => isAntibot({ statusCode: status, headers: fetched, html, url }).detected],
  ["Crawlee's check", crawlee],
  ['cloudscraper', scraped],
];

/** The core's own nanoseconds, from its benchmark in Rust. */
function coreTimes(names) {
  const args = ['bench', '--quiet', '-p', 'cfblock-benches', '--bench', 'ratios', '--', ...names];
  const run = spawnSync('cargo', args, { encoding: 'utf8', cwd: new URL('..', import.meta.url) });
  if (run.status !== 0) throw new Error(run.stderr);
  const rows = run.stdout.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  return new Map(rows.filter((row) => names.includes(row[1])).map((row) => [row[1], Number(row[3])]));
}

/** The least of several medians: what the machine's other users leave. */
async function nanoseconds(work) {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { p50 } = await measure(work, { min_cpu_time: 50e6, batch_samples: 512 });
    least = Math.min(least, p50);
  }
  return least;
}

const names = argv.length > 2 ? argv.slice(2) : CASES;
const core = coreTimes(names);
console.log('| case | core, ns | cfblock, ns | over the core, ns | others: ns, how many times ours (answer) |');
console.log('|---|--:|--:|--:|---|');
for (const one of names.map(readCase)) {
  if (classify(one).class !== one.expect.class) throw new Error(`${one.name} is not ${one.expect.class}`);
  const time = await nanoseconds(() => ours(one));
  const cells = [];
  for (const [name, check] of others) {
    const theirs = await nanoseconds(() => check(one));
    cells.push(`${name} ${theirs.toFixed(0)}, ${(theirs / time).toFixed(1)} × (${check(one)})`);
  }
  const over = time - core.get(one.name);
  console.log(`| ${one.name} | ${core.get(one.name)} | ${time.toFixed(0)} | ${over.toFixed(0)} | ${cells.join('; ')} |`);
}
