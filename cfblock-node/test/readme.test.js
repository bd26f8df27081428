// Every JavaScript block of the READMEs runs, and prints what its comments say.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startEdge } from './edge.js';

const folder = fileURLToPath(new URL('..', import.meta.url));
const blocks = ['README.md', '../README.md'].flatMap((name) => {
  const text = readFileSync(folder + name, 'utf8');
  return [...text.matchAll(/^```js\n(.*?)^```/gms)].map(([, code], at) => ({ name: `${name}, block ${at + 1}`, code }));
});

let edge;
before(async () => {
  edge = await startEdge();
});
after(() => edge.stop());

for (const { name, code } of blocks) {
  test(name, async () => {
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

test('the READMEs promise what is printed', () => {
  assert.ok(blocks.map(({ code }) => code).join('').match(/; \/\/ /g).length >= 8);
});
