import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { BasicCrawler } from '@crawlee/basic';
import { CheerioCrawler } from '@crawlee/cheerio';
import * as crawlee from '@crawlee/core';
import { HttpCrawler } from '@crawlee/http';
import { PlaywrightCrawler } from '@crawlee/playwright';
import { chromium } from 'playwright-core';
import { CloudflareError, RateLimitedError, diagnose } from 'cfblock';
import { cfblockHooks, verdictOf } from 'cfblock/crawlee';
import { ANSWERS, seen } from './adapter-cases.js';
import { LAUNCH_OPTIONS } from './browser.js';
import { startEdge } from './edge.js';

let edge;
before(async () => void (edge = await startEdge()));
beforeEach(() => edge.reset());
after(() => edge.stop());

crawlee.log.setLevel(crawlee.log.LEVELS.OFF);

/**
 * Crawls paths of the edge server, one after the other by one session, and
 * returns how each ended, in order.
 */
async function crawl(paths, options = {}, Crawler = CheerioCrawler) {
  const ends = [];
  const end = ({ request, session, response, body }, error) => {
    ends.push({ path: new URL(request.url).pathname, request, session, response, body, error });
  };
  const config = new crawlee.Configuration({ persistStorage: false, purgeOnStart: false });
  const crawler = new Crawler(
    {
      maxConcurrency: 1,
      requestHandler: end,
      failedRequestHandler: end,
      ...options,
      sessionPoolOptions: { maxPoolSize: 1, ...options.sessionPoolOptions },
    },
    config,
  );
  await crawler.run(paths.map((path) => (typeof path === 'string' ? new URL(path, edge.url).href : path)));
  return ends;
}

const acting = (options) => cfblockHooks({ actWith: crawlee, ...options });
const onceEach = (paths) => Object.fromEntries(paths.map((path) => [path, 1]));
const PATHS = ANSWERS.map(({ path }) => path);

for (const Crawler of [CheerioCrawler, HttpCrawler]) {
  test(`${Crawler.name}: says what each answer is, and leaves its body`, async () => {
    const told = new Map();
    const hooks = cfblockHooks({ onVerdict: (verdict, { url }) => void told.set(url, verdict) });
    const options = { ...hooks, maxRequestRetries: 0, sessionPoolOptions: { blockedStatusCodes: [] } };
    const ends = await crawl(PATHS, options, Crawler);
    assert.deepEqual(ends.map(({ path, request }) => seen(path, verdictOf(request))), ANSWERS);
    for (const { path, request, body, response, error } of ends) {
      assert.equal(told.get(edge.url + path), verdictOf(request));
      if (error === undefined) assert.match(String(body), /<html[^]*<\/html>/i);
      if (error === undefined) assert.equal(typeof response.statusCode, 'number');
    }
    assert.deepEqual(ends.filter(({ error }) => error).map(({ path }) => path), ['/origin-503']);
    assert.deepEqual(await edge.counts(), onceEach(PATHS));
  });
}

test('without actWith, the crawler sends the same requests as without hooks', async () => {
  const counts = [];
  for (const hooks of [{}, cfblockHooks()]) {
    await edge.reset();
    await crawl(PATHS, { ...hooks, maxRequestRetries: 1 });
    counts.push(await edge.counts());
  }
  assert.deepEqual(counts[0], counts[1]);
  // That is what acting is for.
  assert.deepEqual(await edge.earlyRetries(), { '/limited': 1 });
});

test("the site's own 403 goes to the request handler and burns no session", async () => {
  const ends = await crawl(['/origin-403/1', '/origin-403/2', '/origin-403/3', '/origin-403/4'], acting());
  for (const { session, response, error } of ends) {
    assert.equal(error, undefined);
    assert.equal(response.statusCode, 403);
    assert.equal(session.id, ends[0].session.id);
    assert.equal(session.errorScore, 0);
  }
  assert.equal(ends.length, 4);
});

test('a rate limit is waited for, and rotates nothing', async () => {
  const paths = ['/limited/1', '/limited/2', '/limited/3'];
  const errors = [];
  const ends = await crawl(paths, {
    ...acting(),
    maxConcurrency: 3,
    errorHandler: (_, error) => void errors.push(error),
  });
  assert.deepEqual(ends.map(({ path, error }) => [path, error]).sort(), paths.map((path) => [path, undefined]));
  assert(errors.every((error) => error instanceof RateLimitedError));
  for (const { request, session, response } of ends) {
    assert.equal(response.statusCode, 200);
    assert.equal(request.sessionRotationCount ?? 0, 0);
    assert.equal(session.id, ends[0].session.id);
    assert.equal(session.errorScore, 0);
  }
  assert.deepEqual(await edge.earlyRetries(), {});
});

/** A site that bans for a second whoever sends more than five requests within one. */
async function limitedSite(t) {
  const site = { answered: 0, refused: 0 };
  let recent = [];
  let bannedUntil = 0;
  const server = createServer((_, response) => {
    const now = performance.now();
    recent = [...recent.filter((at) => now - at < 1000), now];
    if (now >= bannedUntil && recent.length > 5) bannedUntil = now + 1000;
    if (now < bannedUntil) {
      site.refused += 1;
      const headers = { server: 'cloudflare', 'retry-after': '1', 'content-type': 'text/html' };
      response.writeHead(429, headers).end('error code: 1015');
    } else {
      site.answered += 1;
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>');
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  site.url = `http://127.0.0.1:${server.address().port}`;
  return site;
}

test('a crawl of a site with a limit loses no page', async (t) => {
  const site = await limitedSite(t);
  const pages = Array.from({ length: 12 }, (_, page) => `${site.url}/${page}`);
  const ends = await crawl(pages, { ...acting(), minConcurrency: 4, maxConcurrency: 4 });
  assert.deepEqual(ends.filter(({ error }) => error), []);
  assert.equal(site.answered, pages.length);
  // Those that were under way when the first one was refused.
  assert(site.refused <= 4, `${site.refused} requests were refused`);
});

test('a queue is joined: its cookie is kept, and it is asked as often as it says', async (t) => {
  let asked = 0;
  const server = createServer(({ headers }, response) => {
    asked += 1;
    const seen = /__cfwaitingroom=(\d+)/.exec(headers.cookie)?.[1] ?? 0;
    if (Number(seen) === 2) {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>');
      return;
    }
    const cookie = `__cfwaitingroom=${Number(seen) + 1}; Path=/`;
    const status = { cfWaitingRoom: { inWaitingRoom: true, waitTime: 1, refreshIntervalSeconds: 1 } };
    response.writeHead(200, { server: 'cloudflare', 'content-type': 'application/json', 'set-cookie': cookie });
    response.end(JSON.stringify(status));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const started = performance.now();
  const [end] = await crawl([`http://127.0.0.1:${server.address().port}/`], acting());
  assert.equal(end.error, undefined);
  assert.equal(asked, 3);
  assert(performance.now() - started >= 2000);
});

test('rotates the session where that is advised, once, and then gives up', async () => {
  const [end] = await crawl(['/blocked-1020'], acting());
  assert.equal(end.request.sessionRotationCount, 1);
  assert(end.error instanceof crawlee.NonRetryableError);
  assert(end.error.cause instanceof CloudflareError);
  assert.deepEqual(await edge.counts(), { '/blocked-1020': 2 });
});

test('a cooperative policy rotates nothing', async () => {
  for (const path of ['/blocked-1020', '/challenge', '/null-route', '/br-block']) {
    const [end] = await crawl([path], acting({ policy: 'cooperative', maxWait: 5 }));
    assert(end.error instanceof crawlee.NonRetryableError);
    assert.equal(end.request.sessionRotationCount ?? 0, 0);
    assert.equal(end.session.errorScore, 0);
    assert.equal((await edge.counts())[path], 1);
  }
});

test('a request that would wait for too long ends alone', async () => {
  const other = `${edge.url.replace('127.0.0.1', 'localhost')}/ok`;
  const ends = await crawl(['/queue', '/ok/next', other], acting({ maxWait: 5 }));
  assert.deepEqual(
    ends.map(({ path, error }) => [path, error instanceof crawlee.NonRetryableError]),
    [
      ['/queue', true],
      ['/ok/next', false],
      ['/ok', false],
    ],
  );
  assert.match(ends[0].error.message, /20 seconds.*5 at most/);
  assert.deepEqual(await edge.counts(), { '/queue': 1, '/ok/next': 1, '/ok': 1 });
});

test('one page that fails while others are answered says nothing about its host', async () => {
  const ends = await crawl(['/ok/1', '/null-route', '/ok/2'], acting({ policy: 'cooperative' }));
  assert.deepEqual(ends.map(({ path, error }) => [path, error === undefined]), [
    ['/ok/1', true],
    ['/null-route', false],
    ['/ok/2', true],
  ]);
});

test('null route: two vantages tell whom it hits', async () => {
  const vantages = [{ network: 'datacenter' }, { network: 'residential', tlsFingerprint: 'chromium' }];
  const url = `${edge.url}/null-route`;
  const requests = vantages.map((vantage) => ({ url, uniqueKey: vantage.network, userData: { vantage } }));
  const ends = await crawl(requests, {
    ...cfblockHooks(),
    maxRequestRetries: 0,
    preNavigationHooks: [
      ({ request: { userData } }, gotOptions) => {
        const { network, tlsFingerprint = '' } = userData.vantage;
        gotOptions.headers = { 'x-vantage-network': network, 'x-vantage-tls-fingerprint': tlsFingerprint };
        if (tlsFingerprint === '') delete gotOptions.headers['x-vantage-tls-fingerprint'];
      },
    ],
  });
  const observations = ends.map(({ request }) => ({
    vantage: request.userData.vantage,
    url: request.url,
    verdict: verdictOf(request),
  }));
  assert.equal(diagnose(observations).classification, 'targeted_null_route');
});

test('BasicCrawler: the hooks around a request of the handler', async () => {
  const { preNavigationHooks, postNavigationHooks, sessionPoolOptions } = acting();
  const ends = await crawl(
    ['/ok', '/origin-403', '/gzip-block', '/limited'],
    {
      sessionPoolOptions,
      async requestHandler(context) {
        await preNavigationHooks[0](context);
        context.response = await context.sendRequest();
        await postNavigationHooks[0](context);
      },
    },
    BasicCrawler,
  );
  assert.deepEqual(ends.map(({ path }) => path), ['/gzip-block']);
  assert.deepEqual(await edge.earlyRetries(), {});
  assert.deepEqual(await edge.counts(), { '/ok': 1, '/origin-403': 1, '/gzip-block': 2, '/limited': 2 });
});

test('a large page arrives as it was sent; a plain text needs its type', async (t) => {
  const page = `<html><body>${'<p>text</p>'.repeat(50_000)}</body></html>`;
  const server = createServer(({ url }, response) => {
    if (url === '/page') response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    else response.writeHead(403, { 'content-type': 'text/plain', server: 'cloudflare' }).end('error code: 1020');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const base = `http://127.0.0.1:${server.address().port}`;
  const options = { ...acting({ policy: 'cooperative' }), additionalMimeTypes: ['text/plain'] };
  const [large, plain] = await crawl([`${base}/page`, `${base}/plain`], options);
  assert.equal(large.body, page);
  assert.equal(verdictOf(plain.request).errorCode, 1020);
});

test('PlaywrightCrawler: waits for a rate limit, rotates once, leaves the rest to the handler', async () => {
  const paths = ['/ok', '/origin-403', '/limited', '/challenge', '/about-1020', '/blocked-1020'];
  const ends = await crawl(
    paths,
    {
      ...acting(),
      launchContext: { launcher: chromium, launchOptions: LAUNCH_OPTIONS },
    },
    PlaywrightCrawler,
  );
  const classes = ['passed', 'passed', 'passed', 'challenge', 'passed', 'access_denied'];
  const byPath = new Map(ends.map((end) => [end.path, end]));
  assert.deepEqual(paths.map((path) => verdictOf(byPath.get(path).request).class), classes);
  assert.deepEqual(ends.filter(({ error }) => error).map(({ path }) => path), ['/blocked-1020']);
  assert(byPath.get('/blocked-1020').error instanceof crawlee.NonRetryableError);
  const { '/limited': limited, '/blocked-1020': blocked, '/origin-403': origin } = await edge.counts();
  assert.deepEqual({ limited, blocked, origin }, { limited: 2, blocked: 2, origin: 1 });
  assert.deepEqual(await edge.earlyRetries(), {});
});

test('a large body that nobody will read is given up', async (t) => {
  const server = createServer((_, response) => {
    response.writeHead(403, { 'content-type': 'text/html', server: 'cloudflare', 'cf-mitigated': 'challenge' });
    response.write(Buffer.alloc(64 * 1024, ' '));
    response.once('close', () => server.emit('given up'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const givenUp = once(server, 'given up');
  const [end] = await crawl([`http://127.0.0.1:${server.address().port}/`], acting({ policy: 'cooperative' }));
  assert(end.error instanceof crawlee.NonRetryableError);
  await givenUp;
});

/** The context of a browser crawler, with a response as Playwright or Puppeteer has it. */
function browserContext(status, headers, body) {
  const request = { url: 'https://shop.example/', retryCount: 0, userData: {}, method: 'GET' };
  const response = { status: () => status, headers: () => headers, url: () => request.url, ...body };
  return { request, response, page: {}, session: { markBad() {} } };
}

test('browser crawlers: a block page, a challenge and a redirect', async () => {
  const [examine] = acting().postNavigationHooks;
  const block = { 'cf-ray': '8f3a2b1c4d5e6f70-FRA', server: 'cloudflare' };
  const text = async () => Buffer.from('error code: 1020');
  for (const body of [{ body: text }, { buffer: text }]) {
    await assert.rejects(examine(browserContext(403, block, body)), crawlee.SessionError);
  }
  const mitigated = { ...block, 'cf-mitigated': 'challenge' };
  const challenge = browserContext(403, mitigated, { body: async () => Buffer.alloc(0) });
  await examine(challenge);
  assert.equal(verdictOf(challenge.request).class, 'challenge');
  const gone = browserContext(302, { location: '/' }, { body: () => Promise.reject(new Error('gone')) });
  await examine(gone);
  assert.equal(verdictOf(gone.request).class, 'passed');
  await examine({ ...gone, response: null });
});

test('wrong options are named', () => {
  const wrong = [
    [null, 'options'],
    [{ onVerdict: 1 }, 'onVerdict'],
    [{ actWith: true }, 'actWith'],
    [{ actWith: {} }, 'actWith.SessionError'],
    [{ actWith: { SessionError: Error } }, 'actWith.NonRetryableError'],
    [{ maxWait: '60' }, 'maxWait'],
    [{ throw: true }, 'throw'],
  ];
  for (const [options, member] of wrong) {
    assert.throws(() => cfblockHooks(options), (error) => {
      assert(error instanceof TypeError);
      assert(error.message.includes(`"${member}"`), error.message);
      return true;
    });
  }
  assert.throws(() => cfblockHooks({ maxWait: -1 }), { name: 'RangeError', message: /"maxWait"/ });
});
