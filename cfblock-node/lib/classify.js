// From the parts of a response to its verdict.
import { isArrayBuffer, isSharedArrayBuffer, isUint8Array } from 'node:util/types';
import { integer, invalidType, invalidValue, milliseconds, object, text } from './arguments.js';
import { byteLine, headerFields, isBytes } from './headers.js';
import { toJson } from './members.js';
import { checked, native } from './native.js';
import { isVerdictOrRecord, Verdict, verdictOf } from './verdict.js';

/** Says whether Cloudflare answered in place of the site, why, and what to do next. */
export function classify(response) {
  if (typeof response !== 'object' || response === null) {
    throw invalidType('response', 'an object with the parts of a response', response);
  }
  const { status, headers, body, url, history, peerIp, now, truncated } = response;
  if (status === undefined || body === undefined || 'intercepted' in response) refuseOther(response);
  const number = status === undefined || status === null ? undefined : integer('status', status, 0, 65535);
  const bytes = bodyBytes(body);
  const address = url === undefined || url === null ? undefined : addressText(url);
  const around =
    history === undefined && peerIp === undefined && now === undefined && truncated === undefined
      ? undefined
      : surroundings(history, peerIp, now, truncated);
  if (headers === undefined) return verdictOf(call(number, undefined, 0, bytes, address, around));

  const fields = headerFields(headers);
  const count = fields.length / 2;
  const lines = fields.join('\n');
  const snapshot = isBytes(lines) ? call(number, lines, count, bytes, address, around) : null;
  // A line end within a name or a value shows as a wrong number of lines.
  return verdictOf(snapshot ?? call(number, fields.map(byteLine).join('\n'), count, bytes, address, around));
}

/** What names its parts otherwise would pass for a response of which nothing is known. */
function refuseOther(response) {
  const { status, headers, body } = response;
  if (isVerdictOrRecord(response)) {
    throw invalidValue('The "response" member is a verdict already; a record becomes one by Verdict.from(record)');
  }
  if (status === undefined && 'statusCode' in response) {
    throw invalidValue(
      'The "response" member has a "statusCode" and no "status"; give { status: response.statusCode, headers: response.headers, body }',
    );
  }
  if (body === undefined && 'data' in response) {
    throw invalidValue(
      'The "response" member has "data" and no "body"; use cfblock/axios, or give { status, headers, body } with the body as text or bytes',
    );
  }
  const isEmpty = status === undefined && headers === undefined && body === undefined;
  if (isEmpty && (Array.isArray(response) || typeof response.then === 'function')) {
    throw invalidType('response', 'an object with the parts of a response', response);
  }
}

const addressText = (url) => (url instanceof URL ? url.href : text('url', url));

function call(status, lines, count, body, url, around) {
  return checked(() => native.classify(status, lines, count, body, url, around));
}

/** The bytes of a body; those of a Buffer are not copied. */
function bodyBytes(body) {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return Buffer.from(body);
  if (isUint8Array(body)) {
    if (body.byteLength === 0) refuseDetached(body, body.buffer);
    // Another thread may write to shared memory while it is read.
    return isSharedArrayBuffer(body.buffer) ? Uint8Array.from(body) : body;
  }
  if (isArrayBuffer(body)) {
    refuseDetached(body, body);
    return new Uint8Array(body);
  }
  const error = invalidType('body', 'a Uint8Array, an ArrayBuffer, a string or null', body);
  if (typeof body.getReader === 'function') {
    error.message += '; use classifyResponse of cfblock/fetch, or await response.arrayBuffer()';
  }
  throw error;
}

function refuseDetached(body, buffer) {
  try {
    new Uint8Array(buffer);
  } catch {
    throw invalidType('body', 'bytes of an ArrayBuffer that is not detached', body);
  }
}

function surroundings(history, peerIp, now, truncated) {
  const around = {};
  if (history !== undefined && history !== null) around.history = redirects(history);
  if (peerIp !== undefined && peerIp !== null) around.peer_ip = text('peerIp', peerIp);
  if (now !== undefined && now !== null) around.now = Math.floor(milliseconds('now', now) / 1000);
  if (truncated !== undefined && truncated !== null) {
    if (typeof truncated !== 'boolean') throw invalidType('truncated', 'a boolean', truncated);
    around.truncated = truncated;
  }
  return toJson('history', around);
}

function redirects(history) {
  if (!Array.isArray(history)) throw invalidType('history', 'an array of { status, location }', history);
  return history.map((hop, at) => {
    const { status = null, location = null } = object(`history[${at}]`, hop);
    return {
      status: status === null ? null : integer(`history[${at}].status`, status, 0, 65535),
      location: location === null ? null : text(`history[${at}].location`, location),
    };
  });
}

/** Classifies many responses; the first wrong one is named by its place. */
export function classifyMany(responses) {
  if (typeof responses?.[Symbol.iterator] !== 'function' || typeof responses === 'string') {
    throw invalidType('responses', 'an iterable of responses', responses);
  }
  return Array.from(responses, (response, at) => {
    try {
      return classify(response);
    } catch (error) {
      error.message = `responses[${at}]: ${error.message}`;
      throw error;
    }
  });
}

/** The verdict of a Verdict, of its record, or of the parts of a response. */
export function verdictFor(value) {
  if (value instanceof Verdict) return value;
  return isVerdictOrRecord(value) ? Verdict.from(value) : classify(value);
}
