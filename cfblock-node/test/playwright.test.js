import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccessDeniedError, BlockedError, ChallengeError, diagnose, SignInRequiredError } from 'cfblock';
import { classifyResponse, gotoOrThrow, watch } from 'cfblock/playwright';
import { ANSWERS, seen } from './adapter-cases.js';
import { LOGIN_HOST, startBrowser, startSite } from './browser.js';
import { startEdge } from './edge.js';

let edge;
let site;
let browser;
let context;
let page;

before(async () => {
  edge = await startEdge();
  site = await startSite();
  browser = await startBrowser({ [LOGIN_HOST]: site.address });
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await edge?.stop();
});
beforeEach(async () => {
  await edge.reset();
  context = await browser.newContext();
  page = await context.newPage();
});
afterEach(() => context.close());

/** Gathers what a watch reports, and waits for the first sights that fit. */
function gather() {
  const sights = [];
  let look = () => {};
  return {
    sights,
    onVerdict(sight) {
      sights.push(sight);
      look();
    },
    /** Resolves when as many sights have come. */
    async count(number) {
      while (sights.length < number) await new Promise((resolve) => (look = resolve));
      return sights;
    },
  };
}

/** Opens a page whose service worker answers from then on. */
async function installWorker() {
  await page.goto(`${site.url}/with-worker`);
  await page.evaluate(async () => {
    const { serviceWorker } = navigator;
    if (!serviceWorker.controller) await new Promise((resolve) => (serviceWorker.oncontrollerchange = resolve));
  });
}

const pathOf = ({ response }) => new URL(response.url()).pathname;
const brief = (sight) => `${pathOf(sight)} ${sight.verdict.errorCode ?? sight.verdict.class}`;

describe('classifyResponse', () => {
  test('says what each answer is, and asks for nothing else', async () => {
    for (const answer of ANSWERS) {
      const response = await page.goto(edge.url + answer.path);
      assert.deepEqual(seen(answer.path, await classifyResponse(response)), answer);
    }
    const classified = await edge.counts();

    await edge.reset();
    const other = await browser.newContext();
    const itsPage = await other.newPage();
    for (const { path } of ANSWERS) await itsPage.goto(edge.url + path);
    await other.close();
    const visited = await edge.counts();
    // A challenge asks Chromium for more hints, so it comes back at once.
    assert.deepEqual([classified['/ok'], classified['/challenge']], [1, 2]);
    for (const { path } of ANSWERS) assert.equal(classified[path], visited[path], path);
  });

  test('reads responses of the request API', async () => {
    for (const answer of ANSWERS) {
      const response = await context.request.get(edge.url + answer.path);
      assert.deepEqual(seen(answer.path, await classifyResponse(response)), answer);
    }
  });

  test('a loop that waits as it is told repeats nothing early', async () => {
    let waits = 0;
    for (;;) {
      const verdict = await classifyResponse(await page.goto(`${edge.url}/limited`));
      if (!verdict.intercepted) break;
      waits += 1;
      await sleep(verdict.retryAfter * 1000);
    }
    assert.equal(waits, 1);
    assert.deepEqual(await edge.earlyRetries(), {});
  });

  test('a null route: two vantages tell whom it hits', async () => {
    const vantages = [{ network: 'datacenter' }, { network: 'residential', tlsFingerprint: 'chromium' }];
    const observations = [];
    for (const vantage of vantages) {
      const from = await browser.newContext({
        extraHTTPHeaders: {
          'x-vantage-network': vantage.network,
          ...(vantage.tlsFingerprint && { 'x-vantage-tls-fingerprint': vantage.tlsFingerprint }),
        },
      });
      const response = await (await from.newPage()).goto(`${edge.url}/null-route`);
      observations.push({ id: vantage.network, vantage, verdict: await classifyResponse(response) });
      await from.close();
    }
    const diagnosis = diagnose(observations);
    assert.equal(observations[0].verdict.errorCode, 1002);
    assert.equal(observations[1].verdict.class, 'passed');
    assert.equal(diagnosis.classification, 'targeted_null_route');
  });

  test('redirects become the history', async () => {
    const refused = await classifyResponse(await page.goto(`${site.url}/old`));
    assert.equal(refused.errorCode, 1020);

    const login = await classifyResponse(await page.goto(`${site.url}/members`));
    assert.equal(login.class, 'sign_in_required');
    assert(login.evidence.some(({ where }) => where === 'history' || where === 'url'), JSON.stringify(login.evidence));
  });

  test('a redirect itself, whose body no browser hands out', async () => {
    const response = await page.goto(`${site.url}/members`);
    const redirect = await response.request().redirectedFrom().response();
    assert.equal((await classifyResponse(redirect)).class, 'sign_in_required');
  });

  test('a body that is gone leaves the headers', async () => {
    const response = await page.goto(`${edge.url}/challenge`);
    await page.goto(`${edge.url}/ok`);
    const gone = await classifyResponse(response);
    assert.equal(gone.class, 'challenge');
    assert.notEqual(gone.rayId, null);
  });

  test('a page that is closed leaves the headers that Playwright keeps', async () => {
    const response = await page.goto(`${edge.url}/challenge`);
    await page.close();
    assert.equal((await classifyResponse(response)).class, 'challenge');
  });

  test('a body without an end is not waited for', async () => {
    const response = await page.goto(`${site.url}/endless-challenge`, { waitUntil: 'commit' });
    assert.equal((await classifyResponse(response, { readTimeout: 100 })).class, 'challenge');
  });

  test('a body that the caller has', async () => {
    const response = await page.goto(`${site.url}/refused`);
    assert.equal((await classifyResponse(response)).errorCode, 1020);
    assert.equal((await classifyResponse(response, { body: null })).errorCode, null);
    assert.equal((await classifyResponse(response, { body: 'error code: 1010' })).errorCode, 1010);
  });

  /** A response as Playwright would hand it out, whose body is asked for by `read`. */
  const pretend = (type, length, kind, read) => ({
    status: () => 403,
    url: () => 'https://shop.example/',
    headers: () => ({ 'content-type': type, 'content-length': String(length) }),
    headersArray: async () => [
      { name: 'Server', value: 'nginx' },
      { name: 'Content-Type', value: type },
    ],
    body: async () => read(),
    request: () => ({ resourceType: () => kind, redirectedFrom: () => null, redirectedTo: () => null }),
  });

  test('a body that no script has read may be empty, which says nothing', async () => {
    const unread = pretend('text/html', 6000, 'fetch', () => Buffer.alloc(0));
    assert((await classifyResponse(unread)).equals(await classifyResponse(unread, { body: null })));
    assert(!(await classifyResponse(unread)).equals(await classifyResponse(unread, { body: '<p>No</p>' })));
  });

  test('reads no bodies but texts that a visitor or a script asked for', async () => {
    const asked = [];
    const look = (type, length, kind) => classifyResponse(pretend(type, length, kind, () => void asked.push(type)));
    const others = ['image/png', 'video/mp4', 'text/css', 'text/event-stream', 'application/octet-stream'];
    for (const type of others) await look(type, 10, 'document');
    await look('text/html', 1e9, 'document');
    await look('text/html', 10, 'image');
    assert.deepEqual(asked, []);
    const texts = ['', 'text/html', 'text/plain; charset=utf-8', 'application/problem+json', 'application/xml'];
    for (const type of texts) await look(type, 10, 'xhr');
    assert.deepEqual(asked, texts);
  });

  test("a service worker's answers are read as the page got them", async () => {
    await installWorker();

    const made = await page.goto(`${site.url}/made-by-worker`);
    assert(made.fromServiceWorker());
    assert.equal((await classifyResponse(made)).class, 'passed');

    const relayed = await page.goto(`${site.url}/refused`);
    assert(relayed.fromServiceWorker());
    assert.equal((await classifyResponse(relayed)).errorCode, 1020);
  });

  test('refuses what is no response', async () => {
    const wrong = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' };
    await assert.rejects(classifyResponse(null), { ...wrong, message: /"response" member/ });
    await assert.rejects(classifyResponse(Promise.resolve()), { ...wrong, message: /instance of Promise/ });
    const response = await page.goto(`${edge.url}/ok`);
    await assert.rejects(classifyResponse(response, null), { ...wrong, message: /"options" member/ });
    await assert.rejects(classifyResponse(response, { body: 3 }), { ...wrong, message: /"body" member/ });
    await assert.rejects(classifyResponse(response, { now: 'now' }), { ...wrong, message: /"now" member/ });
    await assert.rejects(classifyResponse(response, { readTimeout: '1' }), { ...wrong, message: /"readTimeout" member/ });
  });
});

describe('watch', () => {
  test('reports the documents of a page in their order', async () => {
    const { sights, count, onVerdict } = gather();
    const { stop } = watch(page, { onVerdict });
    for (const [at, path] of ['/ok', '/blocked-1020', '/limited', '/origin-403', '/br-block'].entries()) {
      await page.goto(edge.url + path);
      await count(at + 1);
    }
    await stop();
    await page.goto(`${edge.url}/queue`);
    assert.deepEqual(sights.map(brief), [
      '/ok passed',
      '/blocked-1020 1020',
      '/limited 1015',
      '/origin-403 passed',
      '/br-block 1020',
    ]);
    for (const sight of sights) {
      assert.equal(Object.keys(sight).sort().join(), 'bodyLost,challengePassedAfterMs,page,response,verdict');
      assert.equal(sight.page, page);
      assert.equal(sight.bodyLost, false);
      assert.equal(sight.challengePassedAfterMs, null);
    }
  });

  test('a script that does not wait loses no document and no order', async () => {
    const { sights, ...handlers } = gather();
    const { stop } = watch(page, handlers);
    const paths = Array.from({ length: 10 }, (_, at) => [`/ok/${at}`, `/blocked-1020/${at}`]).flat();
    for (const path of paths) await page.goto(edge.url + path, { waitUntil: 'commit' });
    await stop();
    assert.deepEqual(sights.map(pathOf), paths);
    for (const sight of sights) {
      if (!sight.bodyLost) assert.equal(sight.verdict.intercepted, pathOf(sight).startsWith('/blocked'));
    }
  });

  test('a chain of redirects is one document', async () => {
    const { sights, count, onVerdict } = gather();
    const { stop } = watch(page, { onVerdict });
    await page.goto(`${site.url}/old`);
    await count(1);
    await page.goto(`${site.url}/members`);
    await stop();
    assert.deepEqual(sights.map(brief), ['/refused 1020', '/cdn-cgi/access/login/shop.example sign_in_required']);
  });

  test('reports fetch and XHR on request', async () => {
    const ask = async (requests, number) => {
      const { sights, count, onVerdict } = gather();
      await page.goto(`${edge.url}/ok`);
      const { stop } = watch(page, { onVerdict, documents: false, requests });
      await page.evaluate(async () => {
        await (await fetch('/blocked-1020')).text();
        const xhr = new XMLHttpRequest();
        xhr.open('GET', '/limited');
        await new Promise((resolve) => {
          xhr.onload = resolve;
          xhr.send();
        });
      });
      await count(number);
      await page.goto(`${edge.url}/ok`);
      await stop();
      return sights.map(brief);
    };
    assert.deepEqual(await ask(false, 0), []);
    assert.deepEqual(await ask(['fetch'], 1), ['/blocked-1020 1020']);
    assert.deepEqual(await ask(true, 2), ['/blocked-1020 1020', '/limited 1015']);
  });

  test('a fetch that is sent to a login page which it may not read', async () => {
    await page.goto(`${site.url}/ok`);
    const { sights, count, onVerdict } = gather();
    const { stop } = watch(page, { onVerdict, requests: ['fetch'] });
    await page.evaluate(() => fetch('/members').catch(() => {}));
    await count(1);
    await stop();
    assert.deepEqual(sights.map(brief), ['/members sign_in_required']);
  });

  test('a challenge that the browser passes is one document, with its time', async () => {
    for (const path of ['/healing', '/healing-at-once', '/two-steps', '/then-redirects']) {
      await context.clearCookies();
      const { sights, count, onVerdict } = gather();
      const { stop } = watch(page, { onVerdict });
      await page.goto(site.url + path);
      await count(1);
      await stop();
      assert.deepEqual(sights.map(brief), [`${path === '/then-redirects' ? '/ok' : path} passed`]);
      assert(sights[0].challengePassedAfterMs >= 0 && sights[0].challengePassedAfterMs < 10_000);
      assert.equal(sights[0].response.status(), 200);
    }
  });

  test('a challenge that the browser does not pass is a challenge', async () => {
    const { sights, count, onVerdict } = gather();
    const { stop } = watch(page, { onVerdict, challengeTimeout: 300 });
    await page.goto(`${site.url}/silent`);
    await count(1);
    await page.goto(`${site.url}/stubborn`);
    await count(2);
    await stop();
    assert.deepEqual(sights.slice(0, 2).map(brief), ['/silent challenge', '/stubborn challenge']);
    assert(sights.every(({ challengePassedAfterMs }) => challengePassedAfterMs === null));
  });

  test('who leaves a challenge has not passed it', async () => {
    const { sights, ...handlers } = gather();
    const { stop } = watch(page, handlers);
    await page.goto(`${site.url}/silent`);
    await page.goto(`${site.url}/ok`);
    await stop();
    assert.deepEqual(sights.map(brief), ['/silent challenge', '/ok passed']);
    assert.equal(sights[1].challengePassedAfterMs, null);
  });

  test('a challenge that ends in a refusal was not passed', async () => {
    const { sights, count, onVerdict } = gather();
    const { stop } = watch(page, { onVerdict });
    await page.goto(`${site.url}/then-refuses`);
    await count(2);
    await stop();
    assert.deepEqual(sights.map(brief), ['/then-refuses challenge', '/then-refuses 1020']);
  });

  test('stop and the end of a page decide a challenge at once', async () => {
    const { sights, count, onVerdict } = gather();
    const { stop } = watch(context, { onVerdict, challengeTimeout: 600_000 });
    await page.goto(`${site.url}/silent`);
    await page.close();
    await count(1);
    const other = await context.newPage();
    await other.goto(`${site.url}/silent`);
    await stop();
    assert.deepEqual(sights.map(brief), ['/silent challenge', '/silent challenge']);
  });

  test('pages and popups that a context opens later', async () => {
    const { sights, count, onVerdict } = gather();
    const { stop } = watch(context, { onVerdict });
    const popup = context.waitForEvent('page');
    await page.goto(`${site.url}/opener`);
    const opened = await popup;
    await count(2);
    const third = await context.newPage();
    await third.goto(`${edge.url}/limited`);
    await stop();
    const of = (wanted) => sights.filter((sight) => sight.page === wanted).map(brief);
    assert.deepEqual(of(page), ['/opener passed']);
    assert.deepEqual(of(opened), ['/refused 1020']);
    assert.deepEqual(of(third), ['/limited 1015']);
  });

  test("a service worker's own requests have no page", async () => {
    const { sights, count, onVerdict } = gather();
    await installWorker();
    const { stop } = watch(context, { onVerdict, documents: false, requests: ['fetch'] });
    await page.evaluate(async () => (await fetch('/refused')).text());
    await count(2);
    await stop();
    const byPage = (wanted) => sights.filter((sight) => sight.page === wanted);
    assert.deepEqual(byPage(page).map(brief), ['/refused 1020']);
    assert(byPage(page)[0].response.fromServiceWorker());
    assert.deepEqual(byPage(null).map(pathOf), ['/refused']);
    assert(!byPage(null)[0].response.fromServiceWorker());
  });

  test('a download and a frame are let by', async () => {
    const { sights, ...handlers } = gather();
    await page.goto(`${site.url}/ok`);
    const { stop } = watch(page, handlers);
    const download = page.waitForEvent('download');
    await page.evaluate(() => {
      location.href = '/file';
    });
    await (await download).path();
    await page.evaluate(async () => {
      const frame = document.createElement('iframe');
      frame.src = '/refused';
      document.body.append(frame);
      await new Promise((resolve) => (frame.onload = resolve));
    });
    await stop();
    assert.deepEqual(sights.map(brief), ['/file passed']);
    assert.equal(sights[0].bodyLost, false);
  });

  test('errors of a handler go to onError, and its promise is not waited for', async () => {
    const errors = [];
    let watching;
    watching = watch(page, {
      async onVerdict({ verdict }) {
        if (verdict.errorCode === 1020) await watching.stop();
        throw new Error(verdict.class);
      },
      onError: ({ message }) => errors.push(message),
    });
    await page.goto(`${edge.url}/ok`);
    await page.goto(`${edge.url}/blocked-1020`);
    await watching.stop();
    await new Promise(setImmediate);
    assert.deepEqual(errors.sort(), ['access_denied', 'passed']);
  });

  test('an error that nobody takes is a warning', async () => {
    const warned = once(process, 'warning');
    const { stop } = watch(page, {
      onVerdict() {
        throw new Error('no');
      },
      onError() {
        throw new Error('neither');
      },
    });
    await page.goto(`${edge.url}/ok`);
    await stop();
    assert.equal((await warned)[0].message, 'neither');
  });

  test('a browser that is closed while responses come in', async () => {
    const other = await startBrowser();
    const { sights, ...handlers } = gather();
    const itsPage = await other.newPage();
    const { stop } = watch(itsPage.context(), { ...handlers, requests: true });
    await itsPage.goto(`${edge.url}/challenge`);
    const going = itsPage.goto(`${edge.url}/blocked-1020`).catch(() => {});
    await other.close();
    await going;
    await stop();
    assert.equal(brief(sights[0]), '/challenge challenge');
  });

  test('refuses wrong arguments', () => {
    const onVerdict = () => {};
    const refused = (work, message) => assert.throws(work, { name: 'TypeError', message });
    refused(() => watch(browser, { onVerdict }), /"pageOrContext" member.*instance of Browser/);
    refused(() => watch(page), /"options" member/);
    refused(() => watch(page, {}), /"onVerdict" member/);
    refused(() => watch(page, { onVerdict, onError: 1 }), /"onError" member/);
    refused(() => watch(page, { onVerdict, documents: 'yes' }), /"documents" member/);
    refused(() => watch(page, { onVerdict, requests: 'fetch' }), /"requests" member/);
    refused(() => watch(page, { onVerdict, requests: ['image'] }), /"requests" member.*image/);
    refused(() => watch(page, { onVerdict, challengeTimeout: '1' }), /"challengeTimeout" member/);
  });
});

describe('gotoOrThrow', () => {
  test("returns the site's own answers, whatever their status", async () => {
    for (const [path, status] of [['/ok', 200], ['/origin-403', 403], ['/origin-503', 503], ['/about-1020', 200]]) {
      assert.equal((await gotoOrThrow(page, edge.url + path)).status(), status);
    }
    assert.equal(await gotoOrThrow(page, `${edge.url}/about-1020#there`), null);
  });

  test('throws the error of the class, with its response', async () => {
    await assert.rejects(gotoOrThrow(page, `${edge.url}/br-block`), (error) => {
      assert(error instanceof AccessDeniedError);
      assert.equal(error.errorCode, 1020);
      assert.equal(error.response.status(), 403);
      assert(!Object.keys(error).includes('response'));
      return true;
    });
    await assert.rejects(gotoOrThrow(page, `${edge.url}/limited`), { name: 'RateLimitedError', retryAfter: 2 });
    await assert.rejects(gotoOrThrow(page, `${edge.url}/queue`), BlockedError);
    await assert.rejects(gotoOrThrow(page, `${site.url}/members`), SignInRequiredError);
  });

  test('a challenge that the browser passes', async () => {
    for (const path of ['/healing', '/healing-at-once', '/two-steps', '/then-redirects']) {
      await context.clearCookies();
      const passed = [];
      const response = await gotoOrThrow(page, site.url + path, { onChallengePassed: (sight) => passed.push(sight) });
      assert.equal(response.status(), 200);
      assert.equal(passed.length, 1, path);
      assert.equal(passed[0].response, response);
      assert.equal(passed[0].page, page);
      assert.equal(passed[0].verdict.class, 'passed');
      assert(passed[0].challengePassedAfterMs >= 0);
      assert.equal(await page.evaluate(() => document.readyState), 'complete');
      assert.equal(await page.evaluate(() => location.href), response.url());
    }
  });

  test('a challenge that it does not pass in time, or not at all', async () => {
    const cases = { '/silent': 200, '/stubborn': 200, '/healing': 0, '/then-refuses': undefined };
    for (const [path, challengeTimeout] of Object.entries(cases)) {
      await context.clearCookies();
      const itsPage = await context.newPage();
      await assert.rejects(gotoOrThrow(itsPage, site.url + path, { challengeTimeout }), ChallengeError);
      await itsPage.close();
    }
  });

  test('a page that is closed during a challenge', async () => {
    const going = gotoOrThrow(page, `${site.url}/silent`, { challengeTimeout: 600_000 });
    const failed = assert.rejects(going, ChallengeError);
    await page.waitForEvent('load');
    await page.close();
    await failed;
  });

  test('goto fails: the answer that had come says why', async () => {
    await assert.rejects(gotoOrThrow(page, `${site.url}/endless-challenge`, { timeout: 500 }), (error) => {
      assert(error instanceof ChallengeError);
      assert.equal(error.cause.name, 'TimeoutError');
      return true;
    });
    await assert.rejects(gotoOrThrow(page, 'http://127.0.0.1:1/'), /ERR_UNSAFE_PORT|ERR_CONNECTION_REFUSED/);
    await assert.rejects(gotoOrThrow(page, `${site.url}/file`), /Download is starting/);
  });

  test('leaves no listeners', async () => {
    const before = page.eventNames().map((name) => [name, page.listenerCount(name)]);
    await gotoOrThrow(page, `${edge.url}/ok`);
    await assert.rejects(gotoOrThrow(page, `${edge.url}/blocked-1020`));
    assert.deepEqual(
      page.eventNames().map((name) => [name, page.listenerCount(name)]),
      before,
    );
  });

  test('refuses wrong arguments', async () => {
    const refused = (going, message) => assert.rejects(going, { name: 'TypeError', message });
    await refused(gotoOrThrow(context, 'about:blank'), /"page" member/);
    await refused(gotoOrThrow(page, 'about:blank', 1), /"options" member/);
    await refused(gotoOrThrow(page, 'about:blank', { challengeTimeout: true }), /"challengeTimeout" member/);
    await refused(gotoOrThrow(page, 'about:blank', { onChallengePassed: true }), /"onChallengePassed" member/);
  });
});
