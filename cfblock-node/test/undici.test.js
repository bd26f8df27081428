import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import * as zlib from 'node:zlib';
import { Agent, fetch, interceptors, request } from 'undici';
import { AccessDeniedError, diagnose } from 'cfblock';
import { cfblockInterceptor } from 'cfblock/undici';
import { ANSWERS, seen } from './adapter-cases.js';
import { startEdge } from './edge.js';

let edge;
before(async () => void (edge = await startEdge()));
beforeEach(() => edge.reset());
after(() => edge.stop());

const agents = [];
after(() => Promise.all(agents.map((agent) => agent.destroy())));

/** An agent with the interceptor, and others around it. */
function agentWith(options, ...outer) {
  const agent = new Agent();
  agents.push(agent);
  return agent.compose(cfblockInterceptor(options), ...outer);
}

/** What `onVerdict` was told, one call after the other. */
function recorder() {
  const told = [];
  return { told, onVerdict: (verdict, about) => void told.push({ verdict, about }) };
}

/** A server of one's own for one test. */
async function serve(t, answer) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

for (const options of [{}, { throw: ['legal_block'] }]) {
  test(`says what each answer is, with ${JSON.stringify(options)}, and sends nothing else`, async () => {
    const { told, onVerdict } = recorder();
    const dispatcher = agentWith({ onVerdict, ...options });
    for (const answer of ANSWERS) {
      const response = await request(edge.url + answer.path, { dispatcher, opaque: answer });
      const { byteLength } = await response.body.bytes();
      assert.equal(byteLength, Number(response.headers['content-length']));
      const { verdict, about } = told.pop();
      assert.deepEqual(seen(answer.path, verdict), answer);
      assert.equal(about.url, edge.url + answer.path);
      assert.equal(about.request.opaque, answer);
      assert.equal(about.response.statusCode, response.statusCode);
    }
    assert.equal(told.length, 0);
    assert.deepEqual(await edge.counts(), Object.fromEntries(ANSWERS.map(({ path }) => [path, 1])));
  });
}

test('throws before anything of the response is handed on', async () => {
  const dispatcher = agentWith({ throw: true });
  for (const path of ['/blocked-1020', '/br-block', '/gzip-block']) {
    await assert.rejects(request(edge.url + path, { dispatcher }), (error) => {
      assert(error instanceof AccessDeniedError);
      assert.equal(error.errorCode, 1020);
      return true;
    });
  }
  const { statusCode, body } = await request(`${edge.url}/origin-403`, { dispatcher });
  assert.equal(statusCode, 403);
  assert.match(await body.text(), /<html/);
});

test('the fetch of undici fails with the error as its cause', async () => {
  const dispatcher = agentWith({ throw: ['challenge'] });
  await assert.rejects(fetch(`${edge.url}/challenge`, { dispatcher }), (error) => {
    assert.equal(error.cause.code, 'CFBLOCK_CHALLENGE');
    return true;
  });
});

test("undici's own retry interceptor does not retry what was thrown", async () => {
  const dispatcher = agentWith({ throw: true }, interceptors.retry({ minTimeout: 1, maxRetries: 3 }));
  await assert.rejects(request(`${edge.url}/limited`, { dispatcher }), { code: 'CFBLOCK_RATE_LIMITED', retryAfter: 2 });
  assert.deepEqual(await edge.counts(), { '/limited': 1 });
  assert.deepEqual(await edge.earlyRetries(), {});
});

test('null route: two vantages tell whom it hits', async () => {
  const observations = [];
  const dispatcher = agentWith({
    onVerdict: (verdict, { url, request }) => void observations.push({ verdict, url, vantage: request.opaque }),
  });
  const residential = { 'x-vantage-network': 'residential', 'x-vantage-tls-fingerprint': 'chromium' };
  for (const [headers, opaque] of [
    [{ 'x-vantage-network': 'datacenter' }, { network: 'datacenter' }],
    [residential, { network: 'residential', tlsFingerprint: 'chromium' }],
  ]) {
    await (await request(`${edge.url}/null-route`, { dispatcher, headers, opaque })).body.dump();
  }
  assert.equal(diagnose(observations).classification, 'targeted_null_route');
});

test('an error of onVerdict fails the request', async () => {
  const onVerdict = () => {
    throw new Error('no');
  };
  await assert.rejects(request(`${edge.url}/ok`, { dispatcher: agentWith({ onVerdict, throw: true }) }), {
    message: 'no',
  });
  const { body } = await request(`${edge.url}/ok`, { dispatcher: agentWith({ onVerdict }) });
  await assert.rejects(body.text(), { message: 'no' });
});

test('answers without a body', async () => {
  const { told, onVerdict } = recorder();
  await request(`${edge.url}/challenge`, { dispatcher: agentWith({ onVerdict }), method: 'HEAD' });
  assert.equal(told[0].verdict.class, 'challenge');
});

test('a large body is read no further than 64 KiB, and arrives as it was sent', async (t) => {
  const page = Buffer.from('<p>text</p>'.repeat(100_000));
  const url = await serve(t, (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page));
  for (const options of [{}, { throw: true }]) {
    const { told, onVerdict } = recorder();
    const { body } = await request(url, { dispatcher: agentWith({ onVerdict, ...options }) });
    assert(page.equals(await body.bytes()));
    assert.deepEqual(told.map(({ verdict }) => verdict.class), ['passed']);
  }
});

test('an error in the middle of a large block page', async (t) => {
  const page = `<title>Attention Required! | Cloudflare</title>${' '.repeat(1_000_000)}`;
  const headers = { 'content-type': 'text/html', 'cf-mitigated': 'challenge', server: 'cloudflare' };
  const url = await serve(t, (_, response) => response.writeHead(403, headers).end(page));
  await assert.rejects(request(url, { dispatcher: agentWith({ throw: true }) }), { code: 'CFBLOCK_CHALLENGE' });
});

test('an event stream is not held back', async (t) => {
  const url = await serve(t, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: 1\n\n');
  });
  const { body } = await request(url, { dispatcher: agentWith({ throw: true }) });
  const [first] = await once(body, 'data');
  assert.equal(first.toString(), 'data: 1\n\n');
  body.on('error', () => {}).destroy();
});

const DEFLATED = { deflate: zlib.deflateSync, 'deflate, without its header': zlib.deflateRawSync };
const ENCODERS = { gzip: zlib.gzipSync, br: zlib.brotliCompressSync, ...DEFLATED };
if (zlib.zstdCompressSync) ENCODERS.zstd = zlib.zstdCompressSync;
ENCODERS['gzip, br'] = (bytes) => zlib.brotliCompressSync(zlib.gzipSync(bytes));

for (const [name, encode] of Object.entries(ENCODERS)) {
  const encoding = name.startsWith('deflate') ? 'deflate' : name;
  test(`decodes what it reads: ${name}`, async (t) => {
    const sent = encode(Buffer.from('error code: 1020'));
    const headers = { server: 'cloudflare', 'content-type': 'text/plain', 'content-encoding': encoding };
    const url = await serve(t, (_, response) => response.writeHead(403, headers).end(sent));
    const { told, onVerdict } = recorder();
    const { body } = await request(url, { dispatcher: agentWith({ onVerdict }) });
    assert(sent.equals(await body.bytes()));
    assert.equal(told[0].verdict.errorCode, 1020);
  });
}

test('wrong options are named', () => {
  const wrong = [
    [null, 'options'],
    [{ onVerdict: 'log' }, 'onVerdict'],
    [{ throw: 'all' }, 'throw'],
    [{ throw: ['blocked'] }, 'throw\\[0\\]'],
    [{ hold: true }, 'hold'],
  ];
  for (const [options, member] of wrong) {
    assert.throws(() => cfblockInterceptor(options), { name: 'TypeError', message: new RegExp(`"${member}"`) });
  }
});
