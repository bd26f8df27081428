// From a response of Playwright to its verdict.
import { integer, invalidType, object } from '../../lib/arguments.js';
import { classify } from '../../lib/classify.js';

const READ_TIMEOUT = 5_000;

/**
 * What a visitor reads and what scripts ask for. To hand out the body of an
 * image or a prefetched page, Playwright may ask the site again.
 */
const READABLE_KINDS = new Set(['document', 'fetch', 'xhr']);

/** What an edge answers with: HTML, JSON, XML, plain text and Markdown, or something that has no type. */
const READABLE_TYPES = /^$|^text\/(?!css|javascript|event-stream)|[/+](json|xml)\b/i;

/** A longer body is the site's own content; only headers are looked at then. */
const LONGEST_BODY = 4 * 1024 * 1024;

/** Classifies a response of a page, or one of Playwright's request API. */
export async function classifyResponse(response, options) {
  return (await judge(response, options)).verdict;
}

/** The verdict, and whether it had to do without a body that might have said more. */
export async function judge(response, options = {}) {
  checkResponse('response', response);
  const { body, now = Date.now(), peerIp, readTimeout = READ_TIMEOUT } = object('options', options);
  integer('readTimeout', readTimeout, 0, 2 ** 31 - 1);

  // All at once: the page may go on at any time, and take the body with it.
  const isToBeRead = body === undefined && isReadable(response);
  const [headers, read, history] = await Promise.all([
    headersOf(response, readTimeout),
    isToBeRead ? within(readTimeout, async () => response.body()) : body,
    historyOf(response, readTimeout),
  ]);
  const verdict = classify({
    status: response.status(),
    headers,
    // Empty is also what the browser hands out of a body that no script has read.
    body: isToBeRead && read?.length === 0 ? undefined : read,
    url: response.url(),
    history,
    peerIp,
    now,
  });
  return { verdict, bodyLost: isToBeRead && read === undefined };
}

/** Refuses what is no response, such as the promise of one. */
export function checkResponse(name, response) {
  const methods = ['status', 'url', 'headers', 'headersArray', 'body'];
  if (!methods.every((method) => typeof response?.[method] === 'function')) {
    const error = invalidType(name, 'a Response of Playwright', response);
    if (response === null) error.message += '; page.goto gives null for about:blank and for a hash of the same page';
    throw error;
  }
}

/** The fields as they came; once the page is closed, those that Playwright has at hand. */
async function headersOf(response, timeout) {
  const fields = await within(timeout, async () => response.headersArray());
  if (fields !== undefined) return fields.map(({ name, value }) => [name, value]);
  return Object.entries(response.headers()).flatMap(([name, values]) => values.split('\n').map((value) => [name, value]));
}

/** Whether the body may be an edge's page. */
function isReadable(response) {
  const request = response.request?.();
  // Playwright hands out no bodies of redirects.
  if (request && (request.redirectedTo() !== null || !READABLE_KINDS.has(request.resourceType()))) return false;
  const fields = response.headers();
  const { 'content-type': type = '', 'content-length': length = 0, 'content-disposition': disposition = '' } = fields;
  // That of a download goes to a file.
  if (/^attachment/i.test(disposition)) return false;
  return READABLE_TYPES.test(type) && Number(length) <= LONGEST_BODY;
}

/** The redirects that led to a response. Playwright's request API follows them without a trace. */
async function historyOf(response, timeout) {
  const hops = [];
  let request = response.request?.();
  for (let from = request?.redirectedFrom(); from; request = from, from = request.redirectedFrom()) {
    const asked = from;
    const answer = await within(timeout, async () => asked.response());
    hops.unshift({ status: answer?.status() ?? null, location: request.url() });
  }
  return hops;
}

/** What Playwright answers in time; undefined if it cannot, because the page went on, or does not. */
async function within(timeout, ask) {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, timeout);
  });
  try {
    return await Promise.race([ask().catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}
