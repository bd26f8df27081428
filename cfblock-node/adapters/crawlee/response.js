// The responses of Crawlee's crawlers, of whatever kind.
import { Readable } from 'node:stream';
import { classify } from '../../lib/classify.js';
import { needsBody } from '../../lib/course.js';
import { decodedStart } from '../decode.js';
import { PEEK } from '../shared.js';

/**
 * Classifies the response of a crawling context, or returns null where there is none.
 *
 * That of an HTTP crawler is a stream: its start is read, and a stream that has
 * all of it takes its place in the context.
 */
export async function classifyContext(context) {
  const { response } = context;
  if (response === undefined || response === null) return null;
  if (typeof response.status === 'function') return classifyBrowserResponse(response);
  const { statusCode, headers, url } = response;
  const read = context.request.method === 'HEAD' ? {} : await bodyOf(context);
  return classify({ status: statusCode, headers, url, ...read });
}

async function classifyBrowserResponse(response) {
  const headers = await (response.allHeaders ?? response.headers).call(response);
  const status = response.status();
  const body = needsBody({ status, headers }) ? await browserBody(response) : undefined;
  return classify({ status, headers, url: response.url(), body });
}

/** The body, unless there is none, as of a redirect, or it is gone with its page. */
async function browserBody(response) {
  try {
    return await (response.body ?? response.buffer).call(response);
  } catch {
    return undefined;
  }
}

async function bodyOf(context) {
  const { response } = context;
  const { statusCode, headers, body } = response;
  if (typeof body === 'string' || body instanceof Uint8Array) return { body };
  const isStream = typeof response[Symbol.asyncIterator] === 'function';
  if (!isStream || !needsBody({ status: statusCode, headers })) return {};
  const { chunks, rest, complete } = await startOf(response);
  context.response = likeness(response, Readable.from(joined(chunks, rest), { objectMode: false }));
  return decodedStart(Buffer.concat(chunks).subarray(0, PEEK), headers['content-encoding'], !complete);
}

/** The first chunks of a stream, and an iterator of the others. */
async function startOf(stream) {
  const rest = stream[Symbol.asyncIterator]();
  const chunks = [];
  for (let length = 0; length < PEEK; ) {
    const { done, value } = await rest.next();
    if (done) return { chunks, rest, complete: true };
    const chunk = typeof value === 'string' ? Buffer.from(value) : value;
    chunks.push(chunk);
    length += chunk.byteLength;
  }
  return { chunks, rest, complete: false };
}

async function* joined(chunks, rest) {
  yield* chunks;
  yield* { [Symbol.asyncIterator]: () => rest };
}

/** What crawlers read of a response besides its body. */
const MEMBERS = [
  'statusCode',
  'statusMessage',
  'headers',
  'rawHeaders',
  'trailers',
  'rawTrailers',
  'httpVersion',
  'complete',
  'url',
  'request',
];

/** The stream with the members of the response whose body it has, as they are when they are read. */
function likeness(response, stream) {
  // Whoever gives up the one gives up the other, and with it the connection.
  stream.once('close', () => response.destroy?.());
  for (const name of MEMBERS) {
    Object.defineProperty(stream, name, { configurable: true, enumerable: true, get: () => response[name] });
  }
  return stream;
}
