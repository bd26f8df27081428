import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import axios, { AxiosError } from 'axios';
import { AccessDeniedError, diagnose } from 'cfblock';
import { addCfblock, verdictOf } from 'cfblock/axios';
import { ANSWERS, seen } from './adapter-cases.js';
import { startEdge } from './edge.js';

let edge;
before(async () => void (edge = await startEdge()));
beforeEach(() => edge.reset());
after(() => edge.stop());

/** A client of the edge server that fulfils all responses. */
const clientOf = (settings) => axios.create({ baseURL: edge.url, validateStatus: null, ...settings });

for (const adapter of ['http', 'fetch']) {
  for (const responseType of ['text', 'json', 'arraybuffer']) {
    test(`${adapter}, ${responseType}: says what each answer is, and sends nothing else`, async () => {
      const told = [];
      const client = clientOf({ adapter, responseType });
      addCfblock(client, { onVerdict: (verdict, { url, response }) => void told.push([verdict, url, response]) });
      for (const answer of ANSWERS) {
        const response = await client.get(answer.path);
        const verdict = verdictOf(response);
        assert.deepEqual(seen(answer.path, verdict), answer);
        assert.equal(told.length, 1);
        assert.equal(told[0][0], verdict);
        assert.equal(told[0][1], edge.url + answer.path);
        assert.equal(told.pop()[2], response);
      }
      assert.deepEqual(await edge.counts(), Object.fromEntries(ANSWERS.map(({ path }) => [path, 1])));
    });
  }
}

test("axios' own error has a verdict", async () => {
  const client = axios.create({ baseURL: edge.url });
  addCfblock(client);
  await assert.rejects(client.get('/blocked-1020'), (error) => {
    assert(error instanceof AxiosError);
    assert.equal(verdictOf(error).errorCode, 1020);
    return true;
  });
});

test('throws where it is asked to, until it is removed', async () => {
  const client = axios.create({ baseURL: edge.url });
  const remove = addCfblock(client, { throw: true });
  await assert.rejects(client.get('/br-block'), (error) => {
    assert(error instanceof AccessDeniedError);
    assert(error.cause instanceof AxiosError);
    assert.equal(error.cause.response.status, 403);
    assert.equal(error.url, `${edge.url}/br-block`);
    assert.equal(error.response, error.cause.response);
    return true;
  });
  await assert.rejects(client.get('/queue'), { code: 'CFBLOCK_WAITING_ROOM', cause: undefined });
  await assert.rejects(client.get('/origin-403'), AxiosError);
  assert.equal((await client.get('/about-1020')).status, 200);
  remove();
  await assert.rejects(client.get('/blocked-1020'), AxiosError);
});

test('waits for what a rate limit states', async () => {
  const client = clientOf();
  addCfblock(client);
  let response = await client.get('/limited');
  assert.equal(verdictOf(response).class, 'rate_limited');
  await new Promise((resolve) => setTimeout(resolve, verdictOf(response).retryAfter * 1000));
  response = await client.get('/limited');
  assert.equal(response.status, 200);
  assert.deepEqual(await edge.earlyRetries(), {});
});

test('null route: two vantages tell whom it hits', async () => {
  const client = clientOf();
  const observations = [];
  addCfblock(client, {
    onVerdict: (verdict, { url, response }) => void observations.push({ verdict, url, ...response.config.seenFrom }),
  });
  const vantages = [{ network: 'datacenter' }, { network: 'residential', tlsFingerprint: 'chromium' }];
  for (const vantage of vantages) {
    await client.get('/null-route', {
      seenFrom: { vantage },
      headers: { 'x-vantage-network': vantage.network, 'x-vantage-tls-fingerprint': vantage.tlsFingerprint },
    });
  }
  assert.equal(diagnose(observations).classification, 'targeted_null_route');
});

test('a structured error that was parsed', async (t) => {
  const problem = {
    title: 'Error 1010: Access denied',
    status: 403,
    error_code: 1010,
    error_name: 'browser_signature_banned',
    error_category: 'access_denied',
    ray_id: '8f3a2b1c4d5e6f70',
    retryable: false,
    cloudflare_error: true,
  };
  const answers = { '/problem': problem, '/items': Array.from({ length: 5000 }, (_, id) => ({ id })) };
  const server = createServer(({ url }, response) => {
    response.writeHead(403, { server: 'cloudflare', 'content-type': 'application/json' });
    response.end(JSON.stringify(answers[url]));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const client = clientOf({ baseURL: `http://127.0.0.1:${server.address().port}` });
  addCfblock(client);
  const response = await client.get('/problem');
  assert.equal(response.data.error_code, 1010);
  assert.deepEqual(seen('', verdictOf(response)), { path: '', class: 'access_denied', errorCode: 1010 });
  assert.equal(verdictOf(await client.get('/items')).class, 'passed');
});

test('streams and answers without a body are classified by their headers', async () => {
  const client = clientOf({ responseType: 'stream' });
  addCfblock(client);
  const response = await client.get('/challenge');
  assert.equal(verdictOf(response).class, 'challenge');
  assert.match(Buffer.concat(await response.data.toArray()).toString(), /<html/i);
  assert.equal(verdictOf(await client.head('/challenge')).class, 'challenge');
});

test('bytes that axios did not decompress', async () => {
  const client = clientOf({ decompress: false, responseType: 'arraybuffer' });
  addCfblock(client);
  assert.equal(verdictOf(await client.get('/gzip-block')).errorCode, 1020);
});

test('other errors pass', async () => {
  const client = clientOf();
  addCfblock(client, { throw: true });
  await assert.rejects(client.get('http://127.0.0.1:1/'), { code: 'ECONNREFUSED' });
});

test('wrong arguments are named', () => {
  for (const instance of [null, undefined, {}, fetch]) {
    assert.throws(() => addCfblock(instance), { name: 'TypeError', message: /"axios"/ });
  }
  for (const [member, value] of Object.entries({ onVerdict: 'log', throw: 'all', retry: true })) {
    assert.throws(() => addCfblock(axios, { [member]: value }), {
      name: 'TypeError',
      message: new RegExp(`"${member}"`),
    });
  }
});
