// Crawlee: hooks that classify responses, and that follow advice where they are asked to.
import { setTimeout as sleep } from 'node:timers/promises';
import { invalidType, object, outOfRange } from '../lib/arguments.js';
import { policyJson } from '../lib/triage.js';
import { Course, fits, pause, sendsAgain } from './advice.js';
import { Pacing } from './crawlee/pacing.js';
import { classifyContext } from './crawlee/response.js';
import { checkedNames, locatedErrorFor, optionalFunction } from './shared.js';

const verdicts = new WeakMap();

/**
 * Where the advice for a request is kept: in its user data, which its retries
 * have, also after the crawl was interrupted.
 */
const KEPT = '__cfblock';

/** Options for Crawlee's crawlers: hooks, and with `actWith` also what these need to have a say. */
export function cfblockHooks(options = {}) {
  const { onVerdict, actWith, policy, maxWait = 60 } = checkedNames(options, OPTIONS);
  optionalFunction('onVerdict', onVerdict);
  policyJson(policy);
  if (typeof maxWait !== 'number') throw invalidType('maxWait', 'a number of seconds', maxWait);
  if (!(maxWait >= 0)) throw outOfRange('maxWait', '0 or more seconds', maxWait);
  const follower = actWith === undefined ? null : new Follower(errorsOf(actWith), policy, maxWait);

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

/** Translates advice into what Crawlee does: wait and retry, rotate the session, or give up. */
class Follower {
  #errors;
  #policy;
  #maxWait;
  #pacing = new Pacing();
  #sentAt = new WeakMap();

  constructor(errors, policy, maxWait) {
    this.#errors = errors;
    this.#policy = policy;
    this.#maxWait = maxWait;
  }

  /** Before a request: waits for its turn. */
  async enter(context) {
    const { request } = context;
    const host = new URL(request.url).host;
    const verdict = this.#pacing.refusal(host);
    if (verdict !== null) {
      throw this.#giveUp(context, verdict, `Not sent, for ${host} asked for a longer pause than ${this.#maxWait} s`);
    }
    const own = (request.userData[KEPT]?.notBefore ?? 0) - Date.now();
    if (own > 0) await sleep(own);
    this.#sentAt.set(request, await this.#pacing.enter(host));
  }

  /** After a response: throws the error by which Crawlee does what is advised. */
  follow(context, verdict) {
    const { request } = context;
    const host = new URL(request.url).host;
    if (!verdict.intercepted) {
      this.#pacing.answered(host, request.url);
      delete request.userData[KEPT];
      return;
    }
    const kept = (request.userData[KEPT] ??= { tried: [], notBefore: 0 });
    const course = new Course(kept.tried);
    const attempt = request.retryCount + 1;
    const othersSucceed = this.#pacing.othersSucceed(host, request.url);
    const steps = course.steps(verdict, { policy: this.#policy, attempt, othersSucceed });
    // The browser is at work already.
    if (steps[0].action === 'use_browser' && context.page !== undefined) return;

    // What fails one page while others are answered says nothing about the host.
    const isAlone = othersSucceed === true && !verdict.blocked;
    if (steps[0].action === 'pause_host') {
      if (!isAlone) this.#pacing.refuse(host, steps[0].wait ?? verdict.retryAfter ?? this.#maxWait, verdict);
      throw this.#giveUp(context, verdict, steps[0].why);
    }
    const step = steps.find((one) => sendsAgain(one) || one.action === 'change_identity');
    if (step === undefined) throw this.#giveUp(context, verdict, steps[0].why);
    if (!fits(step, this.#maxWait)) {
      if (!isAlone) this.#pacing.refuse(host, step.wait, verdict);
      throw this.#giveUp(context, verdict, `It asks for a pause of ${step.wait} s, ${this.#maxWait} s are allowed`);
    }
    course.followed(step);
    if (step.action === 'change_identity') {
      throw caused(new this.#errors.SessionError(String(verdict)), verdict, context);
    }

    const seconds = pause(step, attempt, this.#maxWait);
    if (isAlone) {
      kept.notBefore = Date.now() + seconds * 1000;
    } else {
      this.#pacing.hold(host, seconds);
    }
    if (verdict.class === 'rate_limited') this.#pacing.slowDown(host, this.#sentAt.get(request) ?? 0);
    keepCookies(context);
    spareSession(context);
    throw locatedErrorFor(verdict, aboutOf(context));
  }

  #giveUp(context, verdict, why) {
    spareSession(context);
    return caused(new this.#errors.NonRetryableError(`${verdict}: ${why}`), verdict, context);
  }
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
