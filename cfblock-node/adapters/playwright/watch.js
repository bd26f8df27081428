// Watching a page or a context.
import { integer, invalidType, invalidValue, object } from '../../lib/arguments.js';
import { arrivalOf, arrivalOfFailed, frameOf, isContext, isForPage, isPage } from './arrivals.js';
import { PageTrail } from './trail.js';

/** How long the browser may take to pass a challenge, in milliseconds. */
export const CHALLENGE_TIMEOUT = 15_000;

const REQUEST_TYPES = ['fetch', 'xhr'];

/** Reports what answered a page, or each page of a context, until it is stopped. */
export function watch(pageOrContext, options) {
  if (!isPage(pageOrContext) && !isContext(pageOrContext)) {
    throw invalidType('pageOrContext', 'a Page or a BrowserContext of Playwright', pageOrContext);
  }
  const watcher = new Watcher(pageOrContext, checkOptions(options));
  return { stop: () => watcher.stop() };
}

function checkOptions(options) {
  const {
    onVerdict,
    onError = warn,
    documents = true,
    requests = false,
    challengeTimeout = CHALLENGE_TIMEOUT,
  } = object('options', options);
  for (const [name, value] of Object.entries({ onVerdict, onError })) {
    if (typeof value !== 'function') throw invalidType(name, 'a function', value);
  }
  if (typeof documents !== 'boolean') throw invalidType('documents', 'a boolean', documents);
  integer('challengeTimeout', challengeTimeout, 0, 2 ** 31 - 1);
  return { onVerdict, onError, documents, types: requestTypes(requests), challengeTimeout };
}

function requestTypes(requests) {
  if (typeof requests === 'boolean') return requests ? REQUEST_TYPES : [];
  if (!Array.isArray(requests)) throw invalidType('requests', 'a boolean or an array of "fetch" and "xhr"', requests);
  const unknown = requests.find((type) => !REQUEST_TYPES.includes(type));
  if (unknown !== undefined) throw invalidValue(`The "requests" member knows "fetch" and "xhr". Received ${String(unknown)}`);
  return requests;
}

const warn = (error) => process.emitWarning(error instanceof Error ? error : String(error));

/** Sorts the responses of one page or many into the trail of each. Nothing that it does throws into an event. */
class Watcher {
  #target;
  #options;
  #listeners;
  #trails = new Map();
  #ending = new Set();
  #pageless = [];
  #stopped;

  constructor(target, options) {
    this.#target = target;
    this.#options = options;
    this.#listeners = {
      response: (response) => this.#take(response.request(), () => arrivalOf(response)),
      requestfailed: (request) => {
        if (request.redirectedFrom() !== null) this.#take(request, () => arrivalOfFailed(request));
      },
    };
    if (isContext(target)) this.#listeners.page = () => this.#placePageless();
    for (const [event, listener] of Object.entries(this.#listeners)) target.on(event, listener);
  }

  /** Listens no more, and waits until what has come in is reported. */
  stop() {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop() {
    for (const [event, listener] of Object.entries(this.#listeners)) this.#target.off(event, listener);
    for (const { add } of this.#pageless.splice(0)) add(null);
    for (const { end } of [...this.#trails.values()]) end();
    await Promise.all(this.#ending);
  }

  #take(request, read) {
    const isDocument = request.isNavigationRequest();
    const isWanted = isDocument
      ? this.#options.documents && isForPage(request)
      : this.#options.types.includes(request.resourceType());
    if (!isWanted) return;

    const arrival = read().catch((error) => {
      this.#report(error);
      return null;
    });
    const add = (page) => {
      const { trail, end } = this.#trailOf(page);
      if (isDocument) trail.addDocument(arrival);
      else trail.addRequest(arrival);
      if (page?.isClosed()) end();
    };
    this.#pageless.push({ request, add });
    this.#placePageless();
  }

  /** A popup's first document may come before the popup itself. */
  #placePageless() {
    this.#pageless = this.#pageless.filter(({ request, add }) => {
      const frame = frameOf(request);
      if (frame !== undefined) add(frame?.page() ?? null);
      return frame === undefined;
    });
  }

  #trailOf(page) {
    let entry = this.#trails.get(page);
    if (entry === undefined) {
      entry = this.#newTrail(page);
      this.#trails.set(page, entry);
    }
    return entry;
  }

  #newTrail(page) {
    const trail = new PageTrail(this.#options.challengeTimeout, (sight) => void this.#deliver({ ...sight, page }));
    const end = () => {
      page?.off('close', end);
      this.#trails.delete(page);
      const ended = trail.end().then(() => this.#ending.delete(ended));
      this.#ending.add(ended);
    };
    page?.on('close', end);
    return { trail, end };
  }

  async #deliver(sight) {
    try {
      await this.#options.onVerdict(sight);
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error) {
    try {
      this.#options.onError(error);
    } catch (failure) {
      warn(failure);
    }
  }
}
