// Playwright: verdicts of responses, pages and contexts.
import { integer, invalidType, invalidValue, object } from '../lib/arguments.js';
import { errorFor } from '../lib/errors.js';
import { classifyResponse } from './playwright/response.js';
import { PageTrail } from './playwright/trail.js';

export { matchers } from './playwright/matchers.js';
export { classifyResponse };

const CHALLENGE_TIMEOUT = 15_000;
const LONGEST_TIMEOUT = 2 ** 31 - 1;
const REQUEST_TYPES = ['fetch', 'xhr'];

/** Reports what answered a page, or all pages of a context, until it is stopped. */
export function watch(pageOrContext, options) {
  const target = checkTarget(pageOrContext);
  const { onVerdict, onError, documents, requests, challengeTimeout } = checkWatchOptions(options);

  const report = (error) => {
    try {
      onError(error);
    } catch (failure) {
      warn(failure);
    }
  };
  const deliver = async (page, { response, verdict, challengePassedAfterMs }) => {
    try {
      await onVerdict({ verdict, response, page, challengePassedAfterMs });
    } catch (error) {
      report(error);
    }
  };
  const follower = new Follower({ deliver, report, documents, requests, challengeTimeout });
  return follower.follow(target);
}

/** Goes to an address; throws the error of its class if the document that comes is not the site's own. */
export async function gotoOrThrow(page, url, options = {}) {
  if (!isPage(page)) throw invalidType('page', 'a Page of Playwright', page);
  const { challengeTimeout = CHALLENGE_TIMEOUT, onChallengePassed, ...gotoOptions } = object('options', options);
  checkTimeout('challengeTimeout', challengeTimeout);
  if (onChallengePassed !== undefined) checkFunction('onChallengePassed', onChallengePassed);

  const visit = new Visit(page, challengeTimeout);
  try {
    let response;
    try {
      response = await page.goto(url, gotoOptions);
    } catch (failure) {
      const last = await visit.lastSight();
      throw (last && interception(last, { cause: failure })) ?? failure;
    }
    if (response === null) return null;

    const sight = await visit.sightOf(response);
    const error = interception(sight);
    if (error !== null) throw error;
    if (sight.challengePassedAfterMs !== null) {
      await visit.loaded(gotoOptions);
      const { verdict, response, challengePassedAfterMs } = sight;
      await onChallengePassed?.({ verdict, response, page, challengePassedAfterMs });
    }
    return sight.response;
  } finally {
    await visit.end();
  }
}

/** The error of an intercepted document, which knows its response. */
function interception({ verdict, response }, options) {
  const error = errorFor(verdict, options);
  // Not enumerable: whoever prints the error does not want all of Playwright's objects.
  if (error !== null) Object.defineProperty(error, 'response', { value: response, configurable: true, writable: true });
  return error;
}

/** Sorts the responses of pages into the trail of each. */
class Follower {
  #options;
  #trails = new Map();
  #pageless = [];
  #failedHops = new Set();

  constructor(options) {
    this.#options = options;
  }

  /** Listens to a page or a context. */
  follow(target) {
    const listeners = {
      response: (response) => this.#onResponse(response),
      requestfailed: (request) => this.#onRequestFailed(request),
    };
    if (isPage(target)) listeners.close = () => void this.#end(target);
    else listeners.page = () => this.#placePageless();
    for (const [event, listener] of Object.entries(listeners)) target.on(event, listener);

    let stopping;
    const stop = async () => {
      for (const [event, listener] of Object.entries(listeners)) target.off(event, listener);
      await this.#endAll();
    };
    return { stop: () => (stopping ??= stop()) };
  }
}
