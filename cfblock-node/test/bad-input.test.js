// Wrong arguments are named; no bytes break anything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify, codes, diagnose, errorFor, explain, Monitor, Policy, Tally, throwIfIntercepted, ticket, triage, Verdict } from 'cfblock';
import { names, readCase } from './corpus.js';

const TYPE = 'ERR_INVALID_ARG_TYPE';
const VALUE = 'ERR_INVALID_ARG_VALUE';
const RANGE = 'ERR_OUT_OF_RANGE';

const detached = () => {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
};

const wrong = [
  [undefined, TYPE, /The "response" member must be an object with the parts of a response\. Received undefined/],
  [null, TYPE, /"response".*Received null/],
  ['GET', TYPE, /"response".*Received type string \('GET'\)/],
  [Promise.resolve({ status: 403 }), TYPE, /"response".*Received an instance of Promise; was an await forgotten\?/],
  [[403], TYPE, /"response".*Received an instance of Array/],
  [{ status: '403' }, TYPE, /The "status" member must be an integer\. Received type string \('403'\)/],
  [{ status: 403n }, TYPE, /"status"/],
  [{ status: 403.5 }, RANGE, /The value of "status" is out of range/],
  [{ status: -1 }, RANGE, /"status"/],
  [{ status: 70000 }, RANGE, /"status".*from 0 to 65535\. Received 70000/],
  [{ status: Number.NaN }, RANGE, /"status"/],
  [{ headers: null }, TYPE, /The "headers" member must be a Headers object.*Received null/],
  [{ headers: 'server: cloudflare' }, TYPE, /"headers"/],
  [{ headers: 7 }, TYPE, /"headers"/],
  [{ headers: [1] }, TYPE, /"headers\[0\]" member must be a \[name, value\] pair/],
  [{ headers: [['a']] }, TYPE, /"headers\[0\]"/],
  [{ headers: [['a', 'b'], ['c', 5n]] }, TYPE, /"headers\.c"/],
  [{ headers: [[1, 'b']] }, TYPE, /"headers\[0\]\[0\]"/],
  [{ headers: ['a', 'b', 'c'] }, TYPE, /rawHeaders with a value for each name/],
  [{ headers: { a: {} } }, TYPE, /"headers\.a"/],
  [{ headers: Promise.resolve(new Headers()) }, TYPE, /"headers".*Received an instance of Promise/],
  [{ body: Promise.resolve('') }, TYPE, /The "body" member must be a Uint8Array.*Received an instance of Promise/],
  [{ body: new Response('').body }, TYPE, /"body".*ReadableStream; use classifyResponse of cfblock\/fetch, or await response\.arrayBuffer/],
  [{ body: {} }, TYPE, /"body"/],
  [{ body: 5 }, TYPE, /"body"/],
  [{ body: [1, 2] }, TYPE, /"body"/],
  [{ body: new DataView(new ArrayBuffer(2)) }, TYPE, /"body"/],
  [{ body: detached() }, TYPE, /"body".*not detached/],
  [{ url: {} }, TYPE, /"url"/],
  [classify({ status: 200 }), VALUE, /"response" member is a verdict already.*Verdict\.from\(record\)/],
  [classify({ status: 403 }).toJSON(), VALUE, /is a verdict already/],
  [{ class: 'challenge' }, VALUE, /is a verdict already/],
  [{ statusCode: 403, headers: {} }, VALUE, /status: response\.statusCode/],
  [{ status: 403, headers: {}, data: 'error code: 1020' }, VALUE, /cfblock\/axios/],
  [{ history: {} }, TYPE, /"history"/],
  [{ history: [5] }, TYPE, /"history\[0\]"/],
  [{ history: [{ status: 'x' }] }, TYPE, /"history\[0\]\.status"/],
  [{ history: [{ location: 5 }] }, TYPE, /"history\[0\]\.location"/],
  [{ peerIp: 'localhost' }, VALUE, /peerIp is "localhost", expected an IP address/],
  [{ peerIp: 5 }, TYPE, /"peerIp"/],
  [{ now: 'today' }, TYPE, /"now" member must be a Date/],
  [{ now: new Date(Number.NaN) }, RANGE, /"now"/],
  [{ now: 1e300 }, RANGE, /"now".*in the years 0 to 9999\. Received 1e\+300/],
  [{ truncated: 1 }, TYPE, /"truncated"/],
];

for (const [input, code, message] of wrong) {
  test(`classify refuses ${message.source}`, () => {
    assert.throws(() => classify(input), { code, message });
    assert.throws(() => classify(input), code === RANGE ? RangeError : TypeError);
  });
}

test('a view of a detached buffer', () => {
  const view = new Uint8Array(8);
  structuredClone(view.buffer, { transfer: [view.buffer] });
  assert.throws(() => classify({ body: view }), { code: TYPE, message: /"body".*not detached/ });
});

test('the other functions name their arguments too', () => {
  const verdict = classify({ status: 429, body: 'error code: 1015' });
  assert.throws(() => triage('x'), { code: TYPE, message: /"verdict"/ });
  assert.throws(() => triage(verdict, { attempt: 'x' }), { code: TYPE, message: /"attempt"/ });
  assert.throws(() => triage(verdict, { tried: 'wait' }), { code: TYPE, message: /"tried"/ });
  assert.throws(() => triage(verdict, { tried: ['wiat'] }), { code: VALUE, message: /unknown Action "wiat"/ });
  assert.throws(() => triage(verdict, { othersSucceed: 'yes' }), { code: TYPE, message: /"othersSucceed"/ });
  assert.throws(() => verdict.triage({ policy: 'gentle' }), { code: VALUE, message: /`base` is "gentle"/ });
  assert.throws(() => new Policy({ maxWait: -1 }), { code: VALUE, message: /`max_wait` is -1/ });
  assert.throws(() => new Policy({ maxWaits: 1 }), { code: VALUE, message: /max_waits/ });
  assert.throws(() => new Policy('full'), { code: TYPE });
  const cyclic = {};
  cyclic.base = cyclic;
  assert.throws(() => new Policy(cyclic), { code: VALUE, message: /"policy"/ });
  assert.throws(() => new Policy({ maxWait: 5n }), { code: VALUE, message: /"policy".*BigInt/ });
  assert.throws(() => triage(verdict, { polcy: 'cooperative' }), { code: VALUE, message: /"polcy"/ });
  assert.throws(() => diagnose('x'), { code: TYPE, message: /"observations"/ });
  assert.throws(() => diagnose([{ id: 1, verdict }, { verdict: 5 }]), { message: /observations\[1\]\.verdict/ });
  assert.throws(() => diagnose([{ status: 'x' }]), { message: /observations\[0\]: The "status"/ });
  assert.throws(() => diagnose([{ verdict, vantage: { network: 'moon' } }]), {
    code: VALUE,
    message: /observations\[0\]: unknown Network "moon"/,
  });
  assert.throws(() => diagnose([{ verdict }, { vantage: {} }]), { code: TYPE, message: /observations\[1\]: .*"verdict"/ });
  assert.throws(() => diagnose([{ verdict, id: 5n }]), { code: VALUE, message: /"observations\[0\]".*BigInt/ });
  assert.throws(() => diagnose([{ verdict, time: 1e300 }]), { code: RANGE, message: /"observations\[0\]\.time"/ });
  assert.throws(() => diagnose([], { candidate: [] }), { code: VALUE, message: /"candidate"/ });
  assert.throws(() => diagnose([], { candidates: [{}] }), { message: /candidates\[0\]: missing field/ });
  assert.throws(() => new Monitor({ giveUpS: -1 }), { code: VALUE, message: /give_up_s is -1/ });
  assert.throws(() => new Monitor({ objective: 1 }), { code: VALUE, message: /unknown field `objective`/ });
  const monitor = new Monitor();
  assert.throws(() => monitor.observe('p', 'h', 'waf', 0), { code: VALUE, message: /class: unknown Class "waf"/ });
  assert.throws(() => monitor.observe('p', 'h', 'passed', 'now'), { code: TYPE, message: /"time"/ });
  assert.throws(() => monitor.observe(1, 'h', 'passed', 0), { code: TYPE, message: /"pipeline"/ });
  assert.throws(() => monitor.observe('p', 'h', 'passed', 0, 'x'), { code: TYPE, message: /"errorCode"/ });
  assert.throws(() => monitor.diagnosed('p', 'h', 'passed', {}, 0), { code: TYPE, message: /"diagnosis"/ });
  assert.throws(() => Monitor.restore('{}'), { code: VALUE, message: /state: .* line 1 column/ });
  assert.throws(() => Tally.restore('[]'), { code: VALUE, message: /state/ });
  assert.throws(() => new Tally().merge({}), { code: TYPE, message: /"other"/ });
  assert.throws(() => explain('slow_dwon'), { code: VALUE, message: /did you mean slow_down/ });
  assert.throws(() => explain(null), { code: TYPE, message: /"word"/ });
  assert.throws(() => ticket(verdict, { purpose: 5 }), { code: VALUE, message: /details: invalid type/ });
  assert.throws(() => ticket(verdict, { time: 1e300 }), { code: RANGE, message: /"details\.time"/ });
  assert.throws(() => ticket(verdict, { porpoise: 'x' }), { code: VALUE, message: /unknown field `porpoise`/ });
});

test('an address may be a URL', () => {
  const url = new URL('https://shop.example/cdn-cgi/error/1020');
  const verdict = classify({ status: 403, url });
  assert.ok(verdict.equals(classify({ status: 403, url: url.href })));
  assert.equal(diagnose([{ id: 1, verdict, url }]).scope, diagnose([{ id: 1, verdict, url: url.href }]).scope);
});

test('a verdict or its record is no response', () => {
  const verdict = classify({ status: 403, body: 'error code: 1020' });
  const record = verdict.toJSON();
  for (const value of [verdict, record, { error_code: 1020 }]) {
    assert.throws(() => throwIfIntercepted(value), { code: 'CFBLOCK_ACCESS_DENIED' });
    assert.throws(() => diagnose([value]), { code: VALUE, message: /observations\[0\]: .*give \{ verdict, vantage \}/ });
  }
  assert.throws(() => errorFor(record), { code: TYPE, message: /The "verdict" member must be a Verdict/ });
  assert.throws(() => errorFor(undefined), { code: TYPE, message: /"verdict"/ });
});

test('a misspelt member of a vantage', () => {
  const verdict = classify({ status: 403, body: 'error code: 1020' });
  const vantage = { netwrok: 'datacenter' };
  const message = /"\w+\[0\]\.vantage\.netwrok" member is unknown; the members are network, asn/;
  assert.throws(() => diagnose([{ verdict, vantage }]), { code: VALUE, message });
  assert.throws(() => diagnose([{ verdict }], { candidates: [{ id: 1, vantage }] }), { code: VALUE, message });
});

test('half a surrogate pair is no text, and harmless', () => {
  const verdict = classify({
    status: 403,
    headers: { server: 'cloudflare', 'x-a': '\ud800' },
    body: 'error code: 1020',
    url: 'https://shop.example/\ud800',
    history: [{ status: 302, location: '/\ud800' }],
  });
  assert.equal(verdict.errorCode, 1020);
  assert.equal(Verdict.from({ class: 'challenge', error_name: 'a\ud800' }).errorName, 'a\ufffd');
  assert.match(ticket(verdict, { purpose: 'prices \udc00' }), /prices \ufffd/);
});

test('a body whose bytes go away while its headers are read', () => {
  const body = new Uint8Array(64).fill(65);
  const headers = {
    *[Symbol.iterator]() {
      structuredClone(body.buffer, { transfer: [body.buffer] });
      yield ['server', 'cloudflare'];
    },
  };
  assert.equal(classify({ status: 200, headers, body }).class, 'passed');
});

/** A small generator of numbers that are the same each time. */
function randomness(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('hostile bytes give a verdict, or a TypeError', () => {
  const random = randomness(20261121);
  const size = ({ headers, body }) => (body?.length ?? 0) + (headers ?? []).join().length;
  const cases = names.map((name) => readCase(name).response).filter((response) => size(response) < 20_000);
  const scramble = (bytes) => {
    const copy = Buffer.from(bytes);
    for (let count = random(8); count >= 0 && copy.length > 0; count -= 1) copy[random(copy.length)] = random(256);
    return copy.subarray(0, random(4) === 0 ? random(copy.length + 1) : copy.length);
  };
  for (let round = 0; round < 20_000; round += 1) {
    const response = cases[random(cases.length)];
    const headers = response.headers?.map(([name, value]) => [name, scramble(Buffer.from(value)).latin1Slice()]);
    const body = response.body === null ? null : scramble(response.body);
    const verdict = classify({ ...response, headers, body, truncated: random(2) === 0 });
    if (round % 16 === 0) {
      assert.ok(Verdict.from(verdict.toJSON()).equals(verdict));
      verdict.triage({ attempt: random(9) });
    }
  }
  for (let round = 0; round < 2_000; round += 1) {
    const text = scramble(Buffer.from(new Monitor().save())).latin1Slice();
    for (const read of [Verdict.from, Monitor.restore, Tally.restore]) {
      try {
        read(text);
      } catch (error) {
        assert.equal(error.code, VALUE);
      }
    }
  }
  assert.ok(codes().length > 100);
});
