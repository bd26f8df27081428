// The blocks of docs/node-clients.md and docs/crawlee.md run, and print what their comments say.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startEdge } from './edge.js';

const folder = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

let edge;
before(async () => void (edge = await startEdge()));
beforeEach(() => edge.reset());
after(() => edge.stop());

for (const page of ['node-clients.md', 'crawlee.md']) {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  for (const [at, [, code]] of [...text.matchAll(/^```js\n(.*?)^```/gms)].entries()) {
    test(`${page}, block ${at + 1}`, async () => {
      const here = code.replaceAll('https://shop.example', edge.url);
      const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', here], {
        cwd: folder,
        env: { ...process.env, CRAWLEE_PERSIST_STORAGE: 'false', CRAWLEE_PURGE_ON_START: 'false' },
      });
      const printed = stdout.split('\n');
      for (const [, promised] of code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)) {
        for (const line of promised.split(', then ')) assert(printed.includes(line), `${line}\n${stdout}`);
      }
      assert.deepEqual(await edge.earlyRetries(), {});
    });
  }
}
