import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import got, { HTTPError } from 'got';
import { AccessDeniedError, RateLimitedError, diagnose } from 'cfblock';
import { cfblockHooks, verdictOf } from 'cfblock/got';
import { ANSWERS, seen } from './adapter-cases.js';
import { startEdge } from './edge.js';

let edge;
before(async () => void (edge = await startEdge()));
beforeEach(() => edge.reset());
after(() => edge.stop());

const quiet = { retry: { limit: 0 }, throwHttpErrors: false };

test('says what each answer is, and sends nothing else', async () => {
  const told = [];
  const client = got.extend(
    quiet,
    cfblockHooks({ onVerdict: (verdict, { url, response }) => void told.push([verdict, url, response.statusCode]) }),
  );
  for (const answer of ANSWERS) {
    const response = await client(edge.url + answer.path);
    const verdict = verdictOf(response);
    assert.deepEqual(seen(answer.path, verdict), answer);
    assert.deepEqual(told, [[verdict, edge.url + answer.path, response.statusCode]]);
    told.length = 0;
  }
  assert.deepEqual(await edge.counts(), Object.fromEntries(ANSWERS.map(({ path }) => [path, 1])));
});

test('sends the same requests as got without it', async () => {
  const settings = { retry: { limit: 2, backoffLimit: 1, noise: 0, maxRetryAfter: 0 } };
  const counts = [];
  for (const client of [got.extend(settings), got.extend(settings, cfblockHooks())]) {
    await edge.reset();
    for (const { path } of ANSWERS) await client(edge.url + path).catch(() => {});
    counts.push(await edge.counts());
  }
  assert.deepEqual(counts[0], counts[1]);
});

test("got's own error has the verdict", async () => {
  await assert.rejects(got.extend(cfblockHooks())(`${edge.url}/blocked-1020`), (error) => {
    assert(error instanceof HTTPError);
    assert.equal(error.verdict.errorCode, 1020);
    assert.equal(verdictOf(error), error.verdict);
    return true;
  });
});

test('throws where it is asked to', async () => {
  const client = got.extend(cfblockHooks({ throw: true }));
  await assert.rejects(client(`${edge.url}/br-block`), (error) => {
    assert(error instanceof AccessDeniedError);
    assert(error.cause instanceof HTTPError);
    assert.equal(error.cause.response.statusCode, 403);
    return true;
  });
  await assert.rejects(client(`${edge.url}/blocked-1020`, quiet), AccessDeniedError);
  await assert.rejects(client(`${edge.url}/queue`), { code: 'CFBLOCK_WAITING_ROOM' });
  await assert.rejects(client(`${edge.url}/origin-403`), HTTPError);
  assert.match(await client(`${edge.url}/about-1020`).text(), /1020/);
  const challenges = got.extend(cfblockHooks({ throw: ['challenge'] }));
  await assert.rejects(challenges(`${edge.url}/blocked-1020`), HTTPError);
});

test('waits as long as a rate limit states, and no shorter', async () => {
  const client = got.extend(cfblockHooks({ retry: true }));
  assert.equal((await client(`${edge.url}/limited`)).statusCode, 200);
  assert.deepEqual(await edge.counts(), { '/limited': 2 });
  assert.deepEqual(await edge.earlyRetries(), {});
});

test('the bounds of got hold: its limit, its methods, its longest wait', async () => {
  const client = got.extend(cfblockHooks({ retry: true, throw: true }));
  for (const settings of [{ retry: { limit: 0 } }, { method: 'POST' }, { retry: { maxRetryAfter: 1000 } }]) {
    await edge.reset();
    await assert.rejects(client(`${edge.url}/limited`, settings), RateLimitedError);
    assert.deepEqual(await edge.counts(), { '/limited': 1 });
  }
});

test('does not retry what the advice says not to, whatever its status', async () => {
  const statusCodes = [403, 429];
  const client = got.extend({ retry: { statusCodes } }, cfblockHooks({ retry: true }));
  for (const path of ['/blocked-1020', '/challenge', '/null-route']) {
    await assert.rejects(client(edge.url + path), HTTPError);
    assert.equal((await edge.counts())[path], 1);
  }
  const longest = cfblockHooks({ retry: true, policy: { maxWait: 1 } });
  await assert.rejects(got.extend(longest)(`${edge.url}/limited`), HTTPError);
  assert.equal((await edge.counts())['/limited'], 1);
});

test("leaves the site's own answers to got", async () => {
  const settings = { retry: { limit: 1, statusCodes: [403], backoffLimit: 1, noise: 0 } };
  const client = got.extend(settings, cfblockHooks({ retry: true }));
  await assert.rejects(client(`${edge.url}/origin-403`), HTTPError);
  assert.deepEqual(await edge.counts(), { '/origin-403': 2 });
});

test('null route: two vantages tell whom it hits', async () => {
  const client = got.extend(quiet, cfblockHooks());
  const observations = [];
  for (const vantage of [{ network: 'datacenter' }, { network: 'residential', tlsFingerprint: 'chromium' }]) {
    const headers = {
      'x-vantage-network': vantage.network,
      ...(vantage.tlsFingerprint && { 'x-vantage-tls-fingerprint': vantage.tlsFingerprint }),
    };
    const response = await client(`${edge.url}/null-route`, { headers });
    observations.push({ vantage, url: response.url, verdict: verdictOf(response) });
  }
  assert.equal(diagnose(observations).classification, 'targeted_null_route');
});

test('streams: the error about a block page is classified', async () => {
  const stream = got.extend(cfblockHooks({ throw: true })).stream(`${edge.url}/blocked-1020`);
  await assert.rejects(stream.toArray(), AccessDeniedError);
});

test('answers without a body, undecoded ones, and none at all', async () => {
  const client = got.extend(quiet, cfblockHooks());
  assert.equal(verdictOf(await client.head(`${edge.url}/challenge`)).class, 'challenge');
  const compressed = await client(`${edge.url}/gzip-block`, { decompress: false });
  assert.equal(verdictOf(compressed).errorCode, 1020);

  const server = createServer((request) => request.socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await assert.rejects(client(`http://127.0.0.1:${server.address().port}/`), { code: 'ECONNRESET' });
  } finally {
    server.close();
  }
});

test('wrong options are named', () => {
  const wrong = { onVerdict: true, throw: 1, retry: 3, policy: { base: 'rude' }, retries: 2 };
  for (const [member, value] of Object.entries(wrong)) {
    assert.throws(() => cfblockHooks({ [member]: value }), (error) => {
      assert(error instanceof TypeError, String(error));
      assert.match(error.message, new RegExp(member === 'policy' ? 'base' : `"${member}"`));
      return true;
    });
  }
});
