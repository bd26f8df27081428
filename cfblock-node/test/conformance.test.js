// Every case of the corpus, and the same records as Rust's to the byte.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { classify, classifyMany, Verdict } from 'cfblock';
import { differences, names, readCase } from './corpus.js';

const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../target', import.meta.url));
const parity = `${target}/parity`;
const SMALL = 64 * 1024;

/** The same response in other shapes; an object cannot tell the order of two names apart. */
function otherShapes(response) {
  const shapes = { 'as an ArrayBuffer': { ...response, body: bufferOf(response.body) } };
  const { headers } = response;
  if (headers !== undefined) {
    shapes['as rawHeaders'] = { ...response, headers: headers.flat() };
    shapes['as a Map of values'] = { ...response, headers: new Set(headers) };
    const lower = headers.map(([name]) => name.toLowerCase());
    if (new Set(lower).size === lower.length && lower.every((name) => !/^\d+$/.test(name))) {
      shapes['as an object'] = { ...response, headers: Object.fromEntries(headers) };
    }
    if (headers.every(([name, value]) => isToken(name) && isFieldValue(value))) {
      shapes['as Headers'] = { ...response, headers: new Headers(headers) };
    }
  }
  return shapes;
}

const bufferOf = (body) =>
  body === null ? null : body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength);
const isToken = (name) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name);
const isFieldValue = (value) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value) && value === value.trim();

describe('corpus', () => {
  for (const name of names) {
    it(name, () => {
      const { response, expect } = readCase(name);
      const verdict = classify(response);
      const record = verdict.toJSON();
      assert.deepEqual(differences(expect, record), []);
      assert.ok(Verdict.from(record).equals(verdict), 'read back from its record');
      if ((response.body?.length ?? 0) > SMALL || (response.headers?.length ?? 0) > 100) return;
      for (const [shape, other] of Object.entries(otherShapes(response))) {
        // Headers sorts names and joins equal ones, so that evidence may name another field.
        const { evidence: _, ...got } = classify(other).toJSON();
        const { evidence: __, ...wanted } = record;
        assert.deepEqual(got, wanted, shape);
      }
    });
  }

  it('has the same members by their own names', () => {
    const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
    for (const verdict of classifyMany(names.slice(0, 60).map((name) => readCase(name).response))) {
      for (const [member, value] of Object.entries(verdict.toJSON())) {
        assert.deepEqual(verdict[camel(member)], value, member);
      }
    }
  });

  it('writes the same records as Rust', () => {
    const lines = names.map((name) => {
      const record = JSON.stringify(classify(readCase(name).response));
      return `{"case":${JSON.stringify(name)},${record.slice(1)}\n`;
    });
    mkdirSync(parity, { recursive: true });
    writeFileSync(`${parity}/node.jsonl`, lines.join(''));
    assert.ok(
      existsSync(`${parity}/rust.jsonl`),
      'there are no records of Rust; run `cargo test -p cfblock-tests --test conformance`',
    );
    const rust = readFileSync(`${parity}/rust.jsonl`, 'utf8').trimEnd().split('\n');
    assert.equal(lines.length, rust.length);
    for (const [at, line] of lines.entries()) assert.equal(line.trimEnd(), rust[at]);
  });
});
