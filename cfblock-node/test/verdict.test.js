// What a verdict gives, and what goes in.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { classify, classifyMany, Verdict, version, words } from 'cfblock';

const limited = {
  status: 429,
  headers: [
    ['server', 'cloudflare'],
    ['cf-ray', '8f1b2c3d4e5f6071-FRA'],
    ['retry-after', '10'],
  ],
  body: 'error code: 1015',
};

test('a verdict has the members of the record', () => {
  const verdict = classify(limited);
  assert.equal(verdict.class, 'rate_limited');
  assert.equal(verdict.intercepted, true);
  assert.equal(verdict.blocked, true);
  assert.equal(verdict.errorCode, 1015);
  assert.equal(verdict.action, 'wait');
  assert.equal(verdict.confidence, 'certain');
  assert.equal(verdict.rayId, '8f1b2c3d4e5f6071');
  assert.equal(verdict.colo, 'FRA');
  assert.equal(verdict.retryAfter, 10);
  assert.equal(verdict.challengeType, null);
  assert.deepEqual(verdict.evidence[0], { signal: 'error_code_text', where: 'body', at: 0 });
  assert.equal(verdict.steps[0].wait, 10);
  assert.equal(String(verdict), 'rate_limited 1015: You are being rate limited');
  assert.equal(JSON.parse(JSON.stringify(verdict)).error_code, 1015);
  assert.match(inspect(verdict), /^Verdict \{\s+class: 'rate_limited',/);
});

test('a page that passed has no code', () => {
  const verdict = classify({ status: 200, body: '<title>Shop</title>' });
  assert.deepEqual(
    [verdict.class, verdict.intercepted, verdict.blocked, verdict.errorCode, verdict.action],
    ['passed', false, false, null, 'proceed'],
  );
});

test('every shape of headers and body gives the same verdict', () => {
  const verdict = classify(limited);
  const { headers, body } = limited;
  const bytes = Buffer.from(body);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  const inputs = [
    { headers: new Headers(headers) },
    { headers: headers.flat() },
    { headers: Object.fromEntries(headers) },
    { headers: { server: 'cloudflare', 'cf-ray': ['8f1b2c3d4e5f6071-FRA'], 'retry-after': 10, via: undefined } },
    { headers: new Map(headers) },
    { headers: headers.values() },
    { body: bytes },
    { body: new Uint8Array(bytes) },
    { body: new Uint8Array(bytes).buffer },
    { body: shared },
    { body: Buffer.concat([Buffer.alloc(7), bytes]).subarray(7) },
  ];
  for (const input of inputs) assert.ok(classify({ ...limited, ...input }).equals(verdict), inspect(input));
});

test('a verdict does not change with the buffer that it was read from', () => {
  const body = Buffer.from('error code: 1015');
  const verdict = classify({ ...limited, body });
  body.fill(0);
  assert.equal(verdict.toJSON().reason, 'rate_limited');
});

test('a verdict cannot be changed or made by hand', () => {
  const verdict = classify(limited);
  assert.throws(() => {
    verdict.class = 'passed';
  }, TypeError);
  assert.throws(() => verdict.steps.push({}), TypeError);
  assert.throws(() => new Verdict(), /use classify\(\) or Verdict\.from\(\)/);
  assert.throws(() => words.Class.reverse(), TypeError);
  verdict.toJSON().class = 'passed';
  assert.equal(verdict.toJSON().class, 'rate_limited');
});

test('comparisons of values see what a verdict says', () => {
  const verdict = classify(limited);
  assert.deepStrictEqual(classify(limited), verdict);
  assert.notDeepStrictEqual(classify({ status: 200 }), verdict);
  assert.notDeepEqual(classify({ status: 200 }), verdict);
  assert.deepEqual(Object.keys(verdict), []);
  const [snapshot] = Object.getOwnPropertySymbols(verdict);
  const { enumerable, writable } = Object.getOwnPropertyDescriptor(verdict, snapshot);
  assert.deepEqual({ enumerable, writable }, { enumerable: true, writable: false });
  assert.equal(inspect(verdict).includes('snapshot'), false);
});

test('a verdict comes back from its record', () => {
  const verdict = classify(limited);
  assert.ok(Verdict.from(verdict.toJSON()).equals(verdict));
  assert.ok(Verdict.from(JSON.stringify(verdict)).equals(verdict));
  assert.equal(Verdict.from({ error_code: 1020 }).class, 'access_denied');
  assert.throws(() => Verdict.from({}), { code: 'ERR_INVALID_ARG_VALUE', message: /needs a class/ });
  assert.throws(() => Verdict.from('{'), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => Verdict.from({ class: 'waf' }), { message: /unknown Class "waf"/ });
});

test('no text in a header becomes another header', () => {
  for (const end of ['\n', '\r', '\r\n', '\u010a', '\u010d', '\u2028']) {
    for (const headers of [{ 'x-a': `b${end}cf-mitigated: challenge` }, { [`x-a: b${end}cf-mitigated`]: 'challenge' }]) {
      assert.equal(classify({ status: 403, headers }).class, 'passed', JSON.stringify(headers));
    }
  }
  assert.equal(classify({ status: 403, headers: { 'cf-mitigated: challenge\0': '' } }).class, 'passed');
  assert.equal(classify({ status: 403, headers: { 'cf-mitigated:challenge\nx': 'y' } }).class, 'passed');
  const beside = { 'x-a': 'b\nx: y', 'cf-mitigated': 'challenge', server: 'cloudflare' };
  assert.equal(classify({ status: 403, headers: beside }).class, 'challenge');
  assert.equal(classify({ status: 403, headers: Object.entries(beside).values() }).class, 'challenge', 'read once');
});

test('many responses', () => {
  const verdicts = classifyMany(new Set([limited, { status: 200 }]));
  assert.deepEqual(verdicts.map((verdict) => verdict.class), ['rate_limited', 'passed']);
  assert.throws(() => classifyMany([{}, { status: '403' }]), { message: /^responses\[1\]: The "status" member/ });
  assert.throws(() => classifyMany({}), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('require() gives the same package', () => {
  const required = createRequire(import.meta.url)('cfblock');
  assert.equal(required.classify, classify);
  assert.equal(version, JSON.parse(readFileSync(new URL('../package.json', import.meta.url))).version);
  assert.ok(words.Class.includes('rate_limited'));
});

if (isMainThread) {
  test('worker threads classify at the same time', async () => {
    const answers = [1, 2, 3, 4].map(
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker(new URL(import.meta.url));
          worker.once('message', resolve);
          worker.once('error', reject);
        }),
    );
    const expected = JSON.stringify(classify(limited));
    assert.deepEqual(await Promise.all(answers), Array(4).fill(expected));
  });
} else {
  let last;
  for (let count = 0; count < 5000; count += 1) last = classify(limited);
  parentPort.postMessage(JSON.stringify(last));
}
