// Going to a page, or to an error that says why not.
import { integer, invalidType, object } from '../../lib/arguments.js';
import { locatedErrorFor } from '../shared.js';
import { arrivalOf, arrivalOfFailed, isForPage, isPage } from './arrivals.js';
import { judge } from './response.js';
import { PageTrail } from './trail.js';
import { CHALLENGE_TIMEOUT } from './watch.js';

/** Goes to an address; throws the error of its class if the document that comes is not the site's own. */
export async function gotoOrThrow(page, url, options = {}) {
  if (!isPage(page)) throw invalidType('page', 'a Page of Playwright', page);
  const { challengeTimeout = CHALLENGE_TIMEOUT, onChallengePassed, ...gotoOptions } = object('options', options);
  integer('challengeTimeout', challengeTimeout, 0, 2 ** 31 - 1);
  if (onChallengePassed !== undefined && typeof onChallengePassed !== 'function') {
    throw invalidType('onChallengePassed', 'a function', onChallengePassed);
  }

  const visit = new Visit(page, challengeTimeout);
  try {
    const response = await page.goto(url, gotoOptions).catch(async (cause) => {
      throw interception(await visit.lastSight(), { cause }) ?? cause;
    });
    // While another navigation is under way, goto may find no response of its own.
    const sight = response === null ? await visit.newestSight() : await visit.sightOf(response);
    if (sight === null) return null;

    const error = interception(sight);
    if (error !== null) throw error;
    if (sight.challengePassedAfterMs !== null) {
      await visit.loaded(gotoOptions);
      await onChallengePassed?.({ ...sight, page });
    }
    return sight.response;
  } finally {
    visit.end();
  }
}

/** The error of an intercepted document, which knows its response. */
function interception(sight, options) {
  if (!sight) return sight;
  const { verdict, response } = sight;
  return locatedErrorFor(verdict, { url: response.url(), response }, options);
}

/** The documents of a page from one call of goto on. */
class Visit {
  #page;
  #trail;
  #sights = new Map();
  #isCommitted = false;
  #listeners;

  constructor(page, challengeTimeout) {
    this.#page = page;
    this.#trail = new PageTrail(challengeTimeout, () => {});
    this.#listeners = {
      response: (response) => this.#take(response.request(), () => arrivalOf(response)),
      requestfailed: (request) => {
        if (request.redirectedFrom() !== null) this.#take(request, () => arrivalOfFailed(request));
      },
      framenavigated: (frame) => {
        if (frame === page.mainFrame()) this.#isCommitted = true;
      },
      close: () => this.#trail.end(),
    };
    for (const [event, listener] of Object.entries(this.#listeners)) page.on(event, listener);
  }

  #take(request, read) {
    if (!isForPage(request)) return;
    this.#isCommitted = false;
    this.#sights.set(request, this.#trail.addDocument(read().catch(() => null)));
  }

  /** What came of a document: itself, or what the browser got after a challenge. */
  async sightOf(response) {
    const sight = await this.#sights.get(response.request());
    return sight ?? { response, ...(await judge(response)), challengePassedAfterMs: null };
  }

  /** What came of the newest document; null without one, as when only the fragment of the address changes. */
  async newestSight() {
    return (await Array.from(this.#sights.values()).at(-1)) ?? null;
  }

  /** What came before goto failed, without waiting for more. */
  async lastSight() {
    await this.#trail.end();
    const sights = await Promise.all(this.#sights.values());
    return sights.findLast((sight) => sight !== null) ?? null;
  }

  /** Waits for the last document as goto does for the first. */
  async loaded({ waitUntil = 'load', timeout }) {
    if (!this.#isCommitted) {
      const predicate = (frame) => frame === this.#page.mainFrame();
      await this.#page.waitForEvent('framenavigated', { predicate, timeout });
    }
    if (waitUntil !== 'commit') await this.#page.waitForLoadState(waitUntil, { timeout });
  }

  end() {
    for (const [event, listener] of Object.entries(this.#listeners)) this.#page.off(event, listener);
    this.#trail.end();
  }
}
