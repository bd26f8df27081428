// Does adopting cfblock lose a URL? Crawls 300 pages of a server that fails now and then, with cfblock and without.
//
//     node test/losses/run.mjs            all scenarios, in real time: some five minutes
//
// The server counts. `early` are the requests that came sooner than a refusal had stated, while it held.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CheerioCrawler } from '@crawlee/cheerio';
import * as crawlee from '@crawlee/core';
import { cfblockHooks } from 'cfblock/crawlee';

const PAGES = 300;
const edge = { server: 'cloudflare', 'cf-ray': '8f1b2c3d4e5f6071-FRA' };
const between = (hit) => hit >= 100 && hit <= 104;

/** By name: which hits fail, and how. */
const SCENARIOS = {
  '522 first': { fails: (hit) => hit === 1, status: 522, type: 'text/html', body: 'error code: 522' },
  '522 at hits 100-104': { fails: between, status: 522, type: 'text/html', body: 'error code: 522' },
  '1015, Retry-After 90': { fails: between, status: 429, type: 'text/html', body: 'error code: 1015', wait: 90 },
  '1015 as text/plain': { fails: between, status: 429, type: 'text/plain', body: 'error code: 1015', wait: 2 },
};

async function serve({ fails, status, type, body, wait }) {
  const seen = { hits: 0, early: 0, pages: new Set() };
  let heldUntil = 0;
  const server = createServer(({ url }, response) => {
    seen.hits += 1;
    const now = performance.now();
    // What was on its way when the refusal came is not early.
    if (now < heldUntil && now > heldUntil - (wait - 1) * 1000) seen.early += 1;
    if (fails(seen.hits)) {
      if (wait) heldUntil = Math.max(heldUntil, now + wait * 1000);
      const headers = { ...edge, 'content-type': type, ...(wait && { 'retry-after': String(wait) }) };
      response.writeHead(status, headers).end(body);
    } else {
      seen.pages.add(url);
      response.writeHead(200, { ...edge, 'cf-cache-status': 'DYNAMIC', 'content-type': 'text/html' });
      response.end('<html><title>page</title></html>');
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, seen, url: `http://127.0.0.1:${server.address().port}` };
}

async function crawl(name, withCfblock) {
  const { server, seen, url } = await serve(SCENARIOS[name]);
  const configuration = new crawlee.Configuration({ persistStorage: false, availableMemoryRatio: 0.5 });
  const result = { ok: 0, failed: 0 };
  const started = performance.now();
  const crawler = new CheerioCrawler(
    {
      ...(withCfblock ? cfblockHooks({ actWith: crawlee }) : {}),
      maxRequestRetries: 3,
      maxConcurrency: 5,
      requestHandler: () => void (result.ok += 1),
      failedRequestHandler: () => void (result.failed += 1),
    },
    configuration,
  );
  const urls = Array.from({ length: PAGES }, (_, at) => `${url}/p/${at}`);
  await crawler.run(urls);
  server.close();
  return {
    scenario: name,
    crawler: withCfblock ? 'with cfblock' : 'plain Crawlee',
    pages: seen.pages.size,
    ...result,
    hits: seen.hits,
    early: seen.early,
    seconds: Math.round((performance.now() - started) / 1000),
  };
}

crawlee.log.setLevel(crawlee.log.LEVELS.OFF);
const [name, kind] = process.argv.slice(2);
if (name !== undefined) {
  console.log(JSON.stringify(await crawl(name, kind === 'with')));
  process.exit();
}

// A process each: crawlers that share one share what Crawlee measures of it.
const run = promisify(execFile);
const runs = Object.keys(SCENARIOS).flatMap((scenario) => [
  run(process.execPath, [fileURLToPath(import.meta.url), scenario, 'without']),
  run(process.execPath, [fileURLToPath(import.meta.url), scenario, 'with']),
]);
const rows = (await Promise.all(runs)).map(({ stdout }) => JSON.parse(stdout.trim().split('\n').at(-1)));
console.table(rows);
const plain = (row) => rows.find((other) => other.scenario === row.scenario && other.crawler === 'plain Crawlee');
const worse = rows.filter((row) => row.crawler === 'with cfblock' && (row.pages < plain(row).pages || row.early > 0));
process.exitCode = worse.length === 0 ? 0 : 1;
