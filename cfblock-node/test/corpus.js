// The cases of the corpus, see tests/README.md.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const corpus = fileURLToPath(new URL('../../tests/corpus/', import.meta.url));

const folders = (path) =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

/** The names `class/name` of all cases, in the order of their bytes. */
export const names = folders(corpus)
  .flatMap((kind) => folders(corpus + kind).map((name) => `${kind}/${name}`))
  .sort((one, another) => Buffer.compare(Buffer.from(one), Buffer.from(another)));

/** Reads a case: what `classify` takes, and the members of the record that are asserted. */
export function readCase(name) {
  const folder = `${corpus}${name}/`;
  const { input, body: parts, more_headers: more = [], expect } = JSON.parse(readFileSync(`${folder}case.json`));
  let headers = input.headers?.map(([key, value]) => [oneByte(key), oneByte(value)]);
  for (const { name: key, value = '', value_times: length = 1, times = 1 } of more) {
    headers = [...(headers ?? []), ...Array(times).fill([oneByte(key), oneByte(value).repeat(length)])];
  }
  const response = {
    status: input.status,
    headers,
    body: readBody(folder, parts),
    url: input.url,
    history: input.history,
    peerIp: input.peer_ip,
    now: input.time === undefined ? undefined : new Date(input.time),
    truncated: input.truncated,
  };
  return { response, expect };
}

/** Node has the bytes of header fields as characters. */
const oneByte = (text) => Buffer.from(text).toString('latin1');

function readBody(folder, parts) {
  if (parts !== undefined) {
    const bytes = ({ text, base64, times = 1 }) =>
      Buffer.concat(Array(times).fill(text === undefined ? Buffer.from(base64, 'base64') : Buffer.from(text)));
    return Buffer.concat(parts.map(bytes));
  }
  const file = readdirSync(folder).find((entry) => entry.startsWith('body.'));
  return file === undefined ? null : readFileSync(folder + file);
}

/** What differs between the asserted members and the record, as the tests in Rust have it. */
export function differences(expect, record) {
  return Object.entries(expect)
    .filter(([member, expected]) => !(member in record) || !agrees(expected, record[member]))
    .map(([member, expected]) => ({ member, expected, got: record[member] }));
}

function agrees(expected, got) {
  if (Array.isArray(expected) && Array.isArray(got)) {
    const found = (item) => got.some((other) => agrees(item, other));
    return (expected.length === 0) === (got.length === 0) && expected.every(found);
  }
  if (expected !== null && got !== null && typeof expected === 'object' && typeof got === 'object') {
    return Object.entries(expected).every(([name, value]) => name in got && agrees(value, got[name]));
  }
  return expected === got;
}
