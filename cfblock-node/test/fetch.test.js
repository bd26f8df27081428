import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { fetch as undiciFetch } from 'undici';
import { classifyResponse, verdictOf, withCfblock } from 'cfblock/fetch';
import { AccessDeniedError, diagnose } from 'cfblock';
import { ANSWERS, seen } from './adapter-cases.js';
import { startEdge } from './edge.js';

let edge;
before(async () => void (edge = await startEdge()));
beforeEach(() => edge.reset());
after(() => edge.stop());

const BLOCK_PAGE = 'error code: 1020';
const FROM_EDGE = { status: 403, headers: { server: 'cloudflare', 'cf-ray': '8f3a2b1c4d5e6f70-FRA' } };

for (const [name, fetch] of Object.entries({ 'the platform': globalThis.fetch, undici: undiciFetch })) {
  test(`fetch of ${name}: says what each answer is, and sends nothing else`, async () => {
    const told = [];
    const annotated = withCfblock(fetch, {
      onVerdict: (verdict, { url, response }) => void told.push([verdict, url, response]),
    });
    for (const answer of ANSWERS) {
      const response = await annotated(edge.url + answer.path);
      const verdict = verdictOf(response);
      assert.deepEqual(seen(answer.path, verdict), answer);
      assert.deepEqual(told.pop(), [verdict, edge.url + answer.path, response]);
      assert.match(await response.text(), /<html/i);
    }
    assert.deepEqual(await edge.counts(), Object.fromEntries(ANSWERS.map(({ path }) => [path, 1])));
  });
}

test('throws where it is asked to', async () => {
  const always = withCfblock(fetch, { throw: true });
  await assert.rejects(always(`${edge.url}/br-block`), (error) => {
    assert(error instanceof AccessDeniedError);
    assert.equal(error.errorCode, 1020);
    assert.equal(error.url, `${edge.url}/br-block`);
    assert.equal(error.response.status, 403);
    assert.deepEqual(Object.keys(error), ['verdict', 'code', 'url']);
    return true;
  });
  assert.equal((await always(`${edge.url}/origin-403`)).status, 403);

  const challenges = withCfblock(fetch, { throw: ['challenge'] });
  await assert.rejects(challenges(`${edge.url}/challenge`), { code: 'CFBLOCK_CHALLENGE' });
  assert.equal(verdictOf(await challenges(`${edge.url}/blocked-1020`)).class, 'access_denied');
});

test('an error of onVerdict fails the request, also a late one', async () => {
  const fails = withCfblock(fetch, {
    async onVerdict() {
      throw new Error('no');
    },
  });
  await assert.rejects(fails(`${edge.url}/ok`), { message: 'no' });
});

test('null route: two vantages tell whom it hits', async () => {
  const vantages = [{ network: 'datacenter' }, { network: 'residential', tlsFingerprint: 'chromium' }];
  const observations = [];
  for (const vantage of vantages) {
    const headers = { 'x-vantage-network': vantage.network };
    if (vantage.tlsFingerprint) headers['x-vantage-tls-fingerprint'] = vantage.tlsFingerprint;
    const response = await fetch(`${edge.url}/null-route`, { headers });
    observations.push({ vantage, url: response.url, verdict: await classifyResponse(response) });
  }
  const diagnosis = diagnose(observations);
  assert.equal(diagnosis.classification, 'targeted_null_route');
});

test('waits for what a rate limit states', async () => {
  const patient = withCfblock(fetch);
  let response;
  let wait;
  for (;;) {
    response = await patient(`${edge.url}/limited`);
    wait = verdictOf(response).retryAfter;
    if (wait === null) break;
    await response.body.cancel();
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
  }
  assert.equal(response.status, 200);
  assert.deepEqual(await edge.earlyRetries(), {});
});

test('answers without a body', async () => {
  const head = await classifyResponse(await fetch(`${edge.url}/challenge`, { method: 'HEAD' }));
  assert.equal(head.class, 'challenge');
  assert.equal((await classifyResponse(Response.error())).class, 'passed');
  assert.equal((await classifyResponse(new Response(null, { status: 204 }))).class, 'passed');
});

test('reads a large body no further than 64 KiB, and leaves all of it', async () => {
  let pulled = 0;
  const chunk = new TextEncoder().encode('<p>text</p>'.repeat(1000));
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue(chunk);
      if (++pulled === 100) controller.close();
    },
  });
  const response = new Response(body, { headers: { 'content-type': 'text/html' } });
  assert.equal((await classifyResponse(response)).class, 'passed');
  assert(pulled <= 9, `pulled ${pulled} chunks`);
  assert.equal((await response.arrayBuffer()).byteLength, 100 * chunk.byteLength);
});

test('does not wait for a body that is no page', async () => {
  let pulled = 0;
  const body = new ReadableStream({ pull: () => void ++pulled }, { highWaterMark: 0 });
  const response = new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  assert.equal((await classifyResponse(response)).class, 'passed');
  assert.equal(pulled, 0);
});

test('a body that breaks off is classified by its start; whoever reads it is told', async () => {
  const server = createServer((_, response) => {
    response.writeHead(403, { server: 'cloudflare', 'content-type': 'text/plain', 'content-length': 1000 });
    response.write(BLOCK_PAGE, () => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const response = await withCfblock(fetch)(`http://127.0.0.1:${server.address().port}/`);
    assert.equal(verdictOf(response).errorCode, 1020);
    await assert.rejects(response.text(), TypeError);
  } finally {
    server.close();
  }
});

test('a body that was read', async () => {
  const response = new Response(BLOCK_PAGE, FROM_EDGE);
  const body = await response.text();
  await assert.rejects(classifyResponse(response), { name: 'TypeError', message: /"response\.body"/ });
  assert.equal((await classifyResponse(response, { body })).errorCode, 1020);

  const locked = new Response(BLOCK_PAGE, FROM_EDGE);
  locked.body.getReader();
  await assert.rejects(classifyResponse(locked), { name: 'TypeError', message: /"response\.body"/ });
});

test('wrong arguments are named', async () => {
  for (const response of [null, undefined, 'text', {}, Promise.resolve(new Response())]) {
    await assert.rejects(classifyResponse(response), { name: 'TypeError', message: /"response"/ });
  }
  const stream = { status: 200, headers: new Headers(), body: { pipe() {} }, bodyUsed: false };
  await assert.rejects(classifyResponse(stream), { name: 'TypeError', message: /"response\.body"/ });
  await assert.rejects(classifyResponse(new Response(), { ulr: '' }), { name: 'TypeError', message: /"ulr"/ });
  assert.throws(() => withCfblock('fetch'), { name: 'TypeError', message: /"fetch"/ });
  assert.throws(() => withCfblock(fetch, null), { name: 'TypeError', message: /"options"/ });
  assert.throws(() => withCfblock(fetch, { onVerdict: 1 }), { name: 'TypeError', message: /"onVerdict"/ });
  assert.throws(() => withCfblock(fetch, { throw: 'challenge' }), { name: 'TypeError', message: /"throw"/ });
  assert.throws(() => withCfblock(fetch, { throw: ['chalenge'] }), { name: 'TypeError', message: /"throw\[0\]"/ });
  assert.throws(() => withCfblock(fetch, { onverdict() {} }), { name: 'TypeError', message: /"onverdict"/ });
});
