// got: hooks that classify responses, and retries that follow advice.
import { invalidType } from '../lib/arguments.js';
import { classify } from '../lib/classify.js';
import { Course } from '../lib/course.js';
import { CloudflareError } from '../lib/errors.js';
import { policyWithin } from '../lib/triage.js';
import { decodedStart } from './decode.js';
import { reactions } from './shared.js';

const verdicts = new WeakMap();

/** Options for `got.extend()`: hooks, and with `retry` also a rule for retries. */
export function cfblockHooks(options = {}) {
  const { tell, errorOf } = reactions(options, ['policy', 'retry']);
  const { policy, retry = false } = options;
  if (typeof retry !== 'boolean') throw invalidType('retry', 'a boolean', retry);
  policyWithin(policy);

  /** The verdict of a response, which the caller is told of when it is new. */
  async function examine(response) {
    const known = verdicts.get(response);
    if (known !== undefined) return known;
    const verdict = verdictOfResponse(response);
    verdicts.set(response, verdict);
    await tell(verdict, aboutOf(response));
    return verdict;
  }

  const hooks = {
    afterResponse: [
      async (response) => {
        const verdict = await examine(response);
        // Of other statuses, got makes an error itself.
        const error = response.ok || !response.request.options.throwHttpErrors ? errorOf(verdict, aboutOf(response)) : null;
        if (error !== null) throw error;
        return response;
      },
    ],
    beforeError: [
      async (error) => {
        if (error.cause instanceof CloudflareError) return error.cause;
        if (!isAnswer(error)) return error;
        error.verdict = await examine(error.response);
        return errorOf(error.verdict, aboutOf(error.response), error) ?? error;
      },
    ],
  };
  if (!retry) return { hooks };

  /** What was advised so far, by the options of a request, which its retries share. */
  const courses = new WeakMap();

  async function calculateDelay({ attemptCount, retryOptions, error, computedValue }) {
    if (!isAnswer(error)) return computedValue;
    const verdict = await examine(error.response);
    if (!verdict.intercepted) return computedValue;
    if (attemptCount > retryOptions.limit || !retryOptions.methods.includes(error.options.method)) return 0;
    let course = courses.get(error.options);
    if (course === undefined) {
      const most = (retryOptions.maxRetryAfter ?? error.options.timeout.request ?? Infinity) / 1000;
      const limits = { maxWait: most };
      course = new Course({ policy: policyWithin(policy, limits), method: error.options.method, sent: attemptCount - 1 });
      courses.set(error.options, course);
    }
    const { seconds } = course.next(verdict);
    // For got, 0 means not to retry.
    return seconds === null ? 0 : Math.max(Math.ceil(seconds * 1000), 1);
  }
  return { hooks, retry: { calculateDelay } };
}

const aboutOf = (response) => ({ url: response.url, response });

/** The verdict of a response that came through the hooks, of got's own error about one, or null. */
export const verdictOf = (value) => verdicts.get(value) ?? verdicts.get(value?.response) ?? null;

/** Whether an error is about an answer, and not about a connection, or a retry that somebody else asked for. */
function isAnswer(error) {
  const isRead = error.response?.rawBody !== undefined;
  return isRead && (error.name === 'HTTPError' || error.cause instanceof CloudflareError);
}

function verdictOfResponse(response) {
  const { statusCode, headers, url, rawBody, request } = response;
  return classify({
    status: statusCode,
    headers,
    url,
    ...(request.options.method !== 'HEAD' && decodedStart(rawBody, headers['content-encoding'], false)),
  });
}
