// The start of compressed bodies, cut anywhere, too large, or not what their header says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as zlib from 'node:zlib';
import { decodedStart } from '../adapters/decode.js';

const page = Buffer.from(`<html>${'<p>The quick brown fox'.repeat(20_000)}</html>`);
const ENCODERS = { gzip: zlib.gzipSync, deflate: zlib.deflateSync, br: zlib.brotliCompressSync };
if (zlib.zstdCompressSync) ENCODERS.zstd = zlib.zstdCompressSync;

for (const [encoding, encode] of Object.entries(ENCODERS)) {
  test(`${encoding}: what is cut off is decoded as far as it goes`, () => {
    const sent = encode(page);
    for (const share of [1, 0.9, 0.5, 0.1]) {
      const { body, truncated } = decodedStart(sent.subarray(0, sent.length * share), encoding, share < 1);
      assert(page.subarray(0, body.length).equals(body));
      assert.equal(truncated, share < 1);
      if (share === 1) assert.equal(body.length, page.length);
    }
  });

  test(`${encoding}: one that expands beyond all measure is cut`, () => {
    const bomb = encode(Buffer.alloc(8 * 1024 * 1024)).subarray(0, 64 * 1024);
    const { body } = decodedStart(bomb, encoding, true);
    assert(body.length <= 1024 * 1024);
  });

  test(`${encoding}: what is none is returned as it is`, () => {
    const text = Buffer.from('error code: 1020');
    assert.deepEqual(decodedStart(text, encoding, false), { body: text, truncated: false });
    assert.equal(decodedStart(Buffer.alloc(0), encoding, false).body.length, 0);
  });
}

test('several encodings, in any case; unknown ones are left', () => {
  const sent = zlib.brotliCompressSync(zlib.gzipSync(page));
  assert(decodedStart(sent, 'GZIP, br', false).body.equals(page));
  assert(decodedStart(page, 'identity', false).body.equals(page));
  assert(decodedStart(page, undefined, false).body.equals(page));
});
