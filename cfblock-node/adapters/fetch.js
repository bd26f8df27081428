// fetch: classifies responses and leaves their bodies readable.
import { checkedNames, invalidType, invalidValue } from '../lib/arguments.js';
import { classify } from '../lib/classify.js';
import { needsBody } from '../lib/course.js';
import { PEEK, reactions } from './shared.js';

const verdicts = new WeakMap();

/** Classifies a response of `fetch`. Its body stays readable: only the start of a copy is read. */
export async function classifyResponse(response, options = {}) {
  const { body: given, url = response?.url, ...surroundings } = checkedNames(options, OPTIONS);
  if (typeof response?.headers?.get !== 'function') throw invalidType('response', 'a Response', response);
  const { body, truncated } = given === undefined ? await start(response) : { body: given };
  return classify({
    // An opaque response has status 0: nothing is known of it.
    status: response.status || undefined,
    headers: response.headers,
    body,
    url: url || undefined,
    truncated,
    ...surroundings,
  });
}

const OPTIONS = ['body', 'url', 'history', 'peerIp', 'now', 'truncated'];

/** The start of the body, from a copy of which the rest is not read. */
async function start(response) {
  if (response.body === null || response.body === undefined) return {};
  if (response.bodyUsed || response.body.locked) {
    throw invalidValue('The "response.body" member was read already; give what was read as "body"');
  }
  if (typeof response.body.getReader !== 'function') {
    throw invalidType('response.body', 'a ReadableStream unless "body" is given', response.body);
  }
  if (!needsBody({ status: response.status, headers: response.headers })) return {};
  return startOfStream(response.clone().body);
}

/** The first bytes of a stream, which is cancelled after them. One that breaks off was truncated. */
async function startOfStream(stream) {
  const reader = stream.getReader();
  const chunks = [];
  let length = 0;
  try {
    while (length < PEEK) {
      const { done, value } = await reader.read();
      if (done) return { body: Buffer.concat(chunks), truncated: false };
      chunks.push(value);
      length += value.byteLength;
    }
  } catch {
    // Whoever reads the response itself is told.
  }
  // Not awaited: a copy is only done being cancelled when the response is, too.
  reader.cancel().catch(() => {});
  return { body: Buffer.concat(chunks).subarray(0, PEEK), truncated: true };
}

/** A function like `fetch` whose responses have verdicts, see `verdictOf`. It sends what `fetch` sends. */
export function withCfblock(fetch, options = {}) {
  if (typeof fetch !== 'function') throw invalidType('fetch', 'a function', fetch);
  const { tell, errorOf } = reactions(options);
  return async function fetchWithVerdict(...request) {
    const response = await fetch(...request);
    const verdict = await classifyResponse(response);
    verdicts.set(response, verdict);
    const about = { url: response.url, response };
    await tell(verdict, about);
    const error = errorOf(verdict, about);
    if (error !== null) {
      // Nobody will read it; its connection is free for others.
      if (!response.bodyUsed && !response.body?.locked) response.body?.cancel().catch(() => {});
      throw error;
    }
    return response;
  };
}

/** The verdict of a response that came through `withCfblock`, or null. */
export const verdictOf = (response) => verdicts.get(response) ?? null;
