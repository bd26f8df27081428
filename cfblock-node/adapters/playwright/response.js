// From a response of Playwright to its verdict.
import { integer, invalidType, object } from '../../lib/arguments.js';
import { classify } from '../../lib/classify.js';

const READ_TIMEOUT = 5_000;

/** What an edge answers with: HTML, JSON, XML, plain text and Markdown, or something that has no type. */
const READABLE = /^$|^text\/(?!css|javascript|event-stream)|[/+](json|xml)\b/i;

/** A longer body is the site's own content; only headers are looked at then. */
const LONGEST_BODY = 4 * 1024 * 1024;

/** Classifies a response of a page, or one of Playwright's request API. */
export async function classifyResponse(response, options = {}) {
  checkResponse('response', response);
  const { body, now = Date.now(), peerIp, readTimeout = READ_TIMEOUT } = object('options', options);
  integer('readTimeout', readTimeout, 0, 2 ** 31 - 1);

  const headers = await headersOf(response, readTimeout);
  return classify({
    status: response.status(),
    headers,
    body: body === undefined ? await bodyOf(response, headers, readTimeout) : body,
    url: response.url(),
    history: await historyOf(response, readTimeout),
    peerIp,
    now,
  });
}

/** Refuses what is no response, such as the promise of one. */
export function checkResponse(name, response) {
  const methods = ['status', 'url', 'headers', 'headersArray', 'body'];
  if (!methods.every((method) => typeof response?.[method] === 'function')) {
    throw invalidType(name, 'a Response of Playwright', response);
  }
}

/** The fields as they came; once the page is closed, those that Playwright has at hand. */
async function headersOf(response, timeout) {
  const fields = await within(timeout, async () => response.headersArray());
  if (fields !== undefined) return fields.map(({ name, value }) => [name, value]);
  return Object.entries(response.headers()).flatMap(([name, values]) => values.split('\n').map((value) => [name, value]));
}

/** The body, unless it cannot be an edge's page or the browser no longer has it. */
async function bodyOf(response, headers, timeout) {
  const field = (name) => headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
  if (!READABLE.test(field('content-type')) || Number(field('content-length')) > LONGEST_BODY) return undefined;
  return within(timeout, async () => response.body());
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
