// Every block of the README runs, and prints what its comments say.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startEdge } from './edge.js';

const folder = fileURLToPath(new URL('..', import.meta.url));
const text = readFileSync(`${folder}README.md`, 'utf8');
const blocks = [...text.matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code);

let edge;
before(async () => {
  edge = await startEdge();
});
after(() => edge.stop());

for (const [at, code] of blocks.entries()) {
  test(`block ${at + 1}`, async () => {
    const given = `const url = ${JSON.stringify(`${edge.url}/limited`)};\n`;
    await (await fetch(`${edge.url}/limited`)).text();
    const args = ['--input-type=module', '--eval', given + code];
    const run = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    assert.equal(run.stderr, '');
    const printed = run.stdout.split('\n');
    for (const [, promised] of code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)) {
      assert.ok(printed.includes(promised), `${promised}\n${run.stdout}`);
    }
  });
}

test('the README has blocks that promise something', () => {
  assert.ok(blocks.join('').match(/; \/\/ /g).length >= 8);
});
