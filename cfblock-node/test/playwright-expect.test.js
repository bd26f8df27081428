// A new user's project with Playwright Test, and the blocks of docs/playwright.md.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { classify } from 'cfblock';
import { matchers } from 'cfblock/playwright';
import { LAUNCH_OPTIONS } from './browser.js';
import { startEdge } from './edge.js';

const here = fileURLToPath(new URL('..', import.meta.url));
const page = await readFile(new URL('../../docs/playwright.md', import.meta.url), 'utf8');
const blocks = (kind) => [...page.matchAll(new RegExp(`^\`\`\`${kind}\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code);

let edge;
let project;

before(async () => {
  edge = await startEdge();
  project = await mkdtemp(join(tmpdir(), 'cfblock-playwright-'));
  await mkdir(join(project, 'node_modules'));
  await symlink(here, join(project, 'node_modules/cfblock'));
  await symlink(join(here, 'node_modules/@playwright'), join(project, 'node_modules/@playwright'));
  await symlink(join(here, 'node_modules/playwright'), join(project, 'node_modules/playwright'));
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  const config = { reporter: 'json', workers: 1, use: { launchOptions: LAUNCH_OPTIONS } };
  await writeFile(join(project, 'playwright.config.ts'), `export default ${JSON.stringify(config)};`);
});
after(async () => {
  await edge?.stop();
  if (project) await rm(project, { recursive: true });
});

/** Runs a program of the project; what it printed, whether it failed or not. */
const run = (...args) =>
  new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: project }, (error, stdout, stderr) => resolve({ error, stdout, stderr }));
  });

/** Runs a file of tests; whether each passed, and the text of its errors. */
async function runSpec(name, code) {
  await writeFile(join(project, name), code.replaceAll('https://shop.example', edge.url));
  const { stdout, stderr } = await run('node_modules/@playwright/test/cli.js', 'test', name);
  assert.match(stdout, /^\{/, stdout + stderr);
  const { suites, errors } = JSON.parse(stdout);
  assert.deepEqual(errors, []);
  return suites[0].specs.map(({ title, ok, tests }) => {
    const text = tests[0].results[0].errors.map(({ message }) => message).join('\n');
    return { title, ok, text: text.replaceAll(/\x1b\[\d+m/g, '') };
  });
}

test('the documentation: its test runs', async () => {
  const [code] = blocks('js spec');
  assert.deepEqual(await runSpec('documented.spec.js', code), [{ title: 'the shop lets us in', ok: true, text: '' }]);
});

for (const [at, code] of blocks('js').entries()) {
  test(`the documentation: block ${at + 1} runs`, async () => {
    await edge.reset();
    const launched = code
      .replaceAll('https://shop.example', edge.url)
      .replace('chromium.launch()', `chromium.launch(${JSON.stringify(LAUNCH_OPTIONS)})`);
    const { stdout, stderr } = await run('--input-type=module', '--eval', launched);
    assert.equal(stderr, '');
    const promised = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, line]) => line);
    assert.deepEqual(stdout.trimEnd().split('\n'), promised);
  });
}

test('a new project in TypeScript: what passes, and what failures say', async () => {
  const results = await runSpec(
    'shop.spec.ts',
    `
    import { test, expect as baseExpect } from '@playwright/test';
    import { matchers } from 'cfblock/playwright';

    const expect = baseExpect.extend(matchers);
    baseExpect.extend(matchers);

    test('passes', async ({ page }) => {
      const own: any = baseExpect(await page.goto('https://shop.example/origin-403'));
      await own.not.toBeIntercepted();
      await expect(await page.goto('https://shop.example/br-block')).toBeIntercepted();
      await expect(await page.goto('https://shop.example/challenge')).toBeInterceptedAs('challenge');
      await expect(await page.goto('https://shop.example/queue')).not.toBeInterceptedAs('challenge');
    });
    test('blocked', async ({ page }) => {
      await expect(await page.goto('https://shop.example/blocked-1020')).not.toBeIntercepted();
    });
    test('let in', async ({ page }) => {
      await expect(await page.goto('https://shop.example/ok')).toBeIntercepted();
    });
    test('another class', async ({ request }) => {
      await expect(await request.get('https://shop.example/null-route')).toBeInterceptedAs('challenge');
    });
    test('softly', async ({ request }) => {
      await expect.soft(await request.get('https://shop.example/limited')).not.toBeIntercepted();
    });
    test('no response', async ({ page }) => {
      await expect(page.goto('https://shop.example/ok') as any).not.toBeIntercepted();
    });
    `,
  );
  const said = Object.fromEntries(results.map(({ title, text }) => [title, text]));
  assert.deepEqual(
    results.filter(({ ok }) => ok).map(({ title }) => title),
    ['passes'],
    said.passes,
  );
  assert.match(said.blocked, /expect\(response\)\.not\.toBeIntercepted\(\)/);
  assert.match(said.blocked, /Received: access_denied 1020: Access denied\nURL: http.*\/blocked-1020\nStatus: 403\n/);
  assert.match(said.blocked, /Ray ID: [0-9a-f]{16}\nNext step: probe: ./);
  assert.match(said['let in'], /expect\(response\)\.toBeIntercepted\(\)\n\nReceived: passed\nURL: .*\nStatus: 200/);
  assert.match(said['another class'], /toBeInterceptedAs\('challenge'\)\n\nReceived: site_misconfigured 1002: /);
  assert.match(said.softly, /Received: rate_limited 1015: .*\nURL: .*\nStatus: 429\nRay ID: .*\nRetry after: 2 s\nNext step: wait: /);
  assert.match(said['no response'], /"received" member must be a Response of Playwright.*was an await forgotten\?/);
});

test('page.goto gave no response', async () => {
  const gaveNull = { code: 'ERR_INVALID_ARG_TYPE', message: /Received null; page\.goto gives null for about:blank/ };
  await assert.rejects(matchers.toBeIntercepted(null), gaveNull);
  await assert.rejects(matchers.toBeInterceptedAs(null, 'challenge'), gaveNull);
});

test('the matchers take a verdict, too', async () => {
  const verdict = classify({ status: 429, headers: { server: 'cloudflare' }, body: 'error code: 1015' });
  const { pass, message } = await matchers.toBeInterceptedAs(verdict, 'rate_limited');
  assert(pass);
  assert.match(message(), /Received: rate_limited 1015/);
  for (const word of ['passed', 'blocked', undefined]) {
    const refused = { name: 'TypeError', message: /expected class.*rate_limited/ };
    await assert.rejects(matchers.toBeInterceptedAs(verdict, word), refused);
  }
});
