// Crawlee: hooks that classify responses, and that follow advice where they are asked to.
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { invalidType, object, outOfRange } from '../lib/arguments.js';
import { Course } from '../lib/course.js';
import { policyWithin } from '../lib/triage.js';
import { PATIENCE, Pacing } from './crawlee/pacing.js';
import { classifyContext } from './crawlee/response.js';
import { checkedNames, locatedErrorFor, optionalFunction } from './shared.js';

const verdicts = new WeakMap();

/**
 * Where the advice for a request is kept: in its user data, which its retries
 * have, also after the crawl was interrupted.
 */
const KEPT = '__cfblock';

/**
 * For how many seconds a request waits in its hook before it goes back to the
 * queue, well within what Crawlee allows a request in all.
 */
const LONGEST_NAP = 30;

/** Options for Crawlee's crawlers: hooks, and with `actWith` also what these need to have a say. */
export function cfblockHooks(options = {}) {
  const { onVerdict, actWith, policy, maxWait = PATIENCE } = checkedNames(options, OPTIONS);
  optionalFunction('onVerdict', onVerdict);
  if (typeof maxWait !== 'number') throw invalidType('maxWait', 'a number of seconds', maxWait);
  if (!(maxWait >= 0)) throw outOfRange('maxWait', '0 or more seconds', maxWait);
  const within = policyWithin(policy, { maxWait });
  const follower = actWith === undefined ? null : new Follower(errorsOf(actWith), within);

  async function examine(context) {
    const verdict = await classifyContext(context);
    if (verdict === null) return;
    verdicts.set(context.request, verdict);
    await onVerdict?.(verdict, { ...aboutOf(context), context });
    try {
      follower?.follow(context, verdict);
    } catch (error) {
      // Nobody will read it.
      context.response.destroy?.();
      throw error;
    }
  }

  if (follower === null) return { postNavigationHooks: [examine] };
  return {
    preNavigationHooks: [(context) => follower.enter(context)],
    postNavigationHooks: [examine],
    // A status alone says nothing: the site's own 403 is no reason to retire a session.
    sessionPoolOptions: { blockedStatusCodes: [] },
  };
}

const OPTIONS = ['onVerdict', 'actWith', 'policy', 'maxWait'];

/** The latest verdict about a request of Crawlee, or null. */
export const verdictOf = (request) => verdicts.get(request) ?? null;

/** The edge's short answers are no HTML; an HTTP crawler that refuses their type never looks at them. */
const TEXTS = ['text/plain', 'application/json'];

function errorsOf(crawlee) {
  const { SessionError, NonRetryableError } = object('actWith', crawlee);
  for (const [name, value] of Object.entries({ SessionError, NonRetryableError })) {
    if (typeof value !== 'function') throw invalidType(`actWith.${name}`, "Crawlee's class of this name", value);
  }
  return { SessionError, NonRetryableError };
}

/** Where a verdict comes from; there is no response to a request that was not sent. */
const aboutOf = ({ request, response }) => ({
  url: typeof response?.url === 'string' ? response.url : request.url,
  response,
});

/** What a crawler can do by itself besides waiting. */
const CAN = ['change_identity', 'pause_host'];

/** Translates the course of a request into what Crawlee does: hold the host, retry, rotate the session, or give up. */
class Follower {
  #errors;
  #policy;
  #pacing = new Pacing();
  #sentAt = new WeakMap();

  constructor(errors, policy) {
    this.#errors = errors;
    this.#policy = policy;
  }

  /** Before a request: waits for its turn, at last back in the queue, which costs it no retry. */
  async enter(context) {
    const { request, crawler } = context;
    const host = new URL(request.url).host;
    for (const type of TEXTS) crawler?.supportedMimeTypes?.add(type);
    const until = performance.now() + LONGEST_NAP * 1000;
    const own = (request.userData[KEPT]?.notBefore ?? 0) - Date.now();
    if (own > LONGEST_NAP * 1000) {
      await sleep(LONGEST_NAP * 1000);
      throw backToQueue(context, new Error(`Held back: ${request.url} is due in ${Math.ceil(own / 1000)} s`));
    }
    if (own > 0) await sleep(own);
    const entered = await this.#pacing.enter(host, until);
    if (entered === null) throw backToQueue(context, new Error(`Held back: ${host} asked for a pause`));
    this.#sentAt.set(request, entered);
  }

  /** After a response: throws the error by which Crawlee does what is advised. */
  follow(context, verdict) {
    const { request } = context;
    const host = new URL(request.url).host;
    if (!concerns(verdict)) {
      this.#pacing.answered(host, request.url);
      delete request.userData[KEPT];
      return;
    }
    // The browser is at work already.
    if (verdict.action === 'use_browser' && context.page !== undefined) return;

    const kept = (request.userData[KEPT] ??= { course: null, notBefore: 0 });
    const course =
      kept.course === null
        ? new Course({ policy: this.#policy, method: request.method, can: CAN })
        : Course.from(kept.course);
    const othersSucceed = this.#pacing.othersSucceed(host, request.url);
    const { next, seconds, whom, step, hold } = course.next(verdict, { othersSucceed });
    kept.course = course.toJSON();
    if (hold !== null && hold.whom !== 'request') this.#pacing.hold(host, hold.seconds);
    // The site's own answer is the handler's, where no pause of it helps.
    if (next === 'end' && !verdict.intercepted) return;
    if (next === 'end') throw this.#giveUp(context, verdict, step.why);
    if (next === 'act') throw caused(new this.#errors.SessionError(String(verdict)), verdict, context);

    if (whom === 'request') {
      kept.notBefore = Date.now() + seconds * 1000;
    } else {
      this.#pacing.hold(host, seconds);
    }
    if (verdict.class === 'rate_limited') this.#pacing.slowDown(host, this.#sentAt.get(request) ?? 0);
    keepCookies(context);
    const error = locatedErrorFor(verdict, aboutOf(context)) ?? new Error(`${verdict}: ${step.why}`);
    throw next === 'hold' && hasRetries(context) ? backToQueue(context, error) : sparing(context, error);
  }

  #giveUp(context, verdict, why) {
    return sparing(context, caused(new this.#errors.NonRetryableError(`${verdict}: ${why}`), verdict, context));
  }
}

/** Whether advice is followed: Cloudflare answered, or the site itself asks for a pause. */
const concerns = ({ intercepted, status, retryAfter }) =>
  intercepted || status === 429 || (status === 503 && retryAfter > 0);

/** Whether anybody wants retries of a request at all. */
const hasRetries = ({ crawler, request }) => (request.maxRetries ?? crawler?.maxRequestRetries ?? 3) > 0;

/** The error by which Crawlee puts a request back into its queue; it counts as no retry. */
function backToQueue(context, error) {
  context.request.retryCount -= 1;
  return sparing(context, error);
}

function sparing(context, error) {
  spareSession(context);
  return error;
}

function caused(error, verdict, context) {
  error.cause = locatedErrorFor(verdict, aboutOf(context));
  return error;
}

/**
 * Keeps the cookies of an answer to an HTTP crawler, as Crawlee does once the
 * hooks are through: a queue knows its visitors by theirs.
 */
function keepCookies({ crawler, session, response }) {
  if (crawler?.persistCookiesPerSession === true && typeof response.status !== 'function') {
    session?.setCookiesFromResponse(response);
  }
}

/** Keeps the session's score, which Crawlee lowers for any error, where another session would fare no better. */
function spareSession(context) {
  const { session } = context;
  if (session === undefined) return;
  context.session = new Proxy(session, {
    get(target, name) {
      if (name === 'markBad') return () => {};
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
