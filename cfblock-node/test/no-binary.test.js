// Where there is no binary, one error says why.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const source = fileURLToPath(new URL('..', import.meta.url));

let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'cfblock-'));
  for (const name of ['package.json', 'native.cjs', 'lib', 'bin']) {
    cpSync(join(source, name), join(folder, name), { recursive: true });
  }
});
after(() => rmSync(folder, { recursive: true }));

const env = { ...process.env };
delete env.NAPI_RS_NATIVE_LIBRARY_PATH;

/** What importing the package without a binary says on a platform. */
function failureOn(platform) {
  const index = pathToFileURL(join(folder, 'lib/index.js')).href;
  const code = `
    Object.defineProperty(process, 'platform', { value: '${platform}' });
    const { code, message, cause } = await import('${index}').catch((error) => error);
    console.log(JSON.stringify({ code, message, caused: cause instanceof Error }));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8', env });
  return JSON.parse(stdout);
}

test('a platform without binaries', () => {
  const { code, message, caused } = failureOn('freebsd');
  assert.equal(code, 'CFBLOCK_NO_BINARY');
  assert.match(message, /there is no binary for freebsd-\w+; there are binaries for linux x64\/arm64 \(glibc, musl\)/);
  assert.ok(caused);
});

for (const [platform, name] of [
  ['linux', /@cfblock\/native-linux-\w+-(gnu|musl) is not installed: was npm run with --omit=optional/],
  ['darwin', /@cfblock\/native-darwin-\w+ is not installed/],
  ['win32', /@cfblock\/native-win32-\w+-msvc is not installed/],
]) {
  test(`the package of ${platform} is missing`, () => {
    const { code, message } = failureOn(platform);
    assert.equal(code, 'CFBLOCK_NO_BINARY');
    assert.match(message, name);
  });
}

test('the command says it too', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'bin/cfblock.js')], { encoding: 'utf8', env });
  assert.equal(status, 1);
  assert.match(stderr, /@cfblock\/native-|there is no binary for/);
});
