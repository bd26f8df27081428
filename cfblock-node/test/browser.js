// Chromium, and a site on loopback that does what the edge server does not.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

/** How the tests start a browser. */
export const LAUNCH_OPTIONS = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
};

if (!existsSync(LAUNCH_OPTIONS.executablePath)) {
  throw new Error(`${LAUNCH_OPTIONS.executablePath} is missing; install Chromium, or set CHROMIUM to the path of one`);
}

/** Starts Chromium; hosts can be mapped to addresses. */
export async function startBrowser(hosts = {}) {
  const rules = Object.entries(hosts).map(([host, address]) => `MAP ${host} ${address}`);
  const { args, ...others } = LAUNCH_OPTIONS;
  return chromium.launch({ ...others, args: [...args, `--host-resolver-rules=${rules.join(',')}`] });
}

/** The host of an Access login page; the tests map it to the site. */
export const LOGIN_HOST = 'shop.cloudflareaccess.com';

const FROM_EDGE = { server: 'cloudflare', 'cf-ray': '8f3a2b1c4d5e6f70-FRA', 'content-type': 'text/html; charset=utf-8' };
const HTML = { 'content-type': 'text/html; charset=utf-8' };
const page = (script) => `<!doctype html><title>A page</title><h1>Shop</h1><script>${script}</script>`;

const challenge = (steps, reload = 'location.reload()') => [
  403,
  { ...FROM_EDGE, 'cf-mitigated': 'challenge', 'set-cookie': `steps=${steps}; path=/` },
  page(`setTimeout(() => ${reload}, 50)`),
];

/** What each path answers; `steps` is how many challenges this browser has answered. */
const ANSWERS = {
  '/ok': () => [200, HTML, page('')],
  '/healing': (steps) => (steps < 1 ? challenge(1) : [200, HTML, page('')]),
  '/healing-at-once': (steps) => (steps < 1 ? challenge(1, 'location.reload(), 0') : [200, HTML, page('')]),
  '/two-steps': (steps) => (steps < 2 ? challenge(steps + 1) : [200, HTML, page('')]),
  '/then-redirects': (steps) => (steps < 1 ? challenge(1) : [302, { location: '/ok' }, '']),
  '/then-refuses': (steps) => (steps < 1 ? challenge(1) : [403, FROM_EDGE, 'error code: 1020']),
  '/stubborn': () => challenge(0),
  '/silent': () => challenge(0, '0'),
  '/old': () => [301, { location: '/older' }, ''],
  '/older': () => [302, { location: '/refused' }, ''],
  '/refused': () => [403, FROM_EDGE, 'error code: 1020'],
  '/members': () => [302, { location: `http://${LOGIN_HOST}/cdn-cgi/access/login/shop.example` }, ''],
  '/cdn-cgi/access/login/shop.example': () => [200, HTML, page('')],
  '/file': () => [200, { 'content-type': 'text/csv', 'content-disposition': 'attachment; filename=a.csv' }, 'a,b'],
  '/endless': () => [403, FROM_EDGE, null],
  '/endless-challenge': () => [...challenge(0).slice(0, 2), null],
  '/opener': () => [200, HTML, page("open('/refused')")],
  '/with-worker': () => [200, HTML, page("navigator.serviceWorker.register('/worker.js')")],
  '/worker.js': () => [200, { 'content-type': 'text/javascript' }, WORKER],
};

const WORKER = `
  addEventListener('install', () => skipWaiting());
  addEventListener('activate', (event) => event.waitUntil(clients.claim()));
  addEventListener('fetch', (event) => {
    const { pathname } = new URL(event.request.url);
    if (pathname === '/made-by-worker') event.respondWith(new Response('offline', { status: 503 }));
    else if (pathname === '/refused') event.respondWith(fetch('/refused?by=worker'));
  });
`;

/** Starts the site; `stop` ends it. */
export async function startSite() {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://site');
    const steps = Number(/steps=(\d)/.exec(request.headers.cookie)?.[1] ?? 0);
    const [status, headers, body] = ANSWERS[pathname]?.(steps) ?? [404, HTML, page('')];
    response.writeHead(status, headers);
    if (body === null) response.write('<!doctype html><title>Loading</title>');
    else response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  return {
    url: `http://127.0.0.1:${port}`,
    address: `127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
