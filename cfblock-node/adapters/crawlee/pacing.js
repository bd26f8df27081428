// When requests to a host may be sent.
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** The longest wait, in seconds, that is followed by default: the longest that the catalogue itself asks for. */
export const PATIENCE = 3600;

/** The spaces between requests to a host that limits their rate, in milliseconds. */
const SPACE = { first: 1000, most: 30_000, least: 50 };
/** How much closer requests come after each answer of the site. */
const RELAXATION = 0.9;
/** For how many milliseconds it is news that a host answered. */
const NEWS = 120_000;
/** How many hosts are remembered, those that are waited for aside. */
const MOST_HOSTS = 10_000;

/** The hosts of one crawl: those that are held back, and those that answer. */
export class Pacing {
  #hosts = new Map();

  /** Waits until a request may be sent, and returns that time; null if it may not before `until`. */
  async enter(host, until) {
    for (;;) {
      const now = performance.now();
      const state = this.#hosts.get(host);
      if (state === undefined) return now;
      if (state.next <= now) {
        state.next = now + state.space;
        return now;
      }
      if (now >= until) return null;
      await sleep(Math.ceil(Math.min(state.next, until) - now));
    }
  }

  /** Lets some seconds pass before the next request. */
  hold(host, seconds) {
    const state = this.#stateOf(host);
    state.next = Math.max(state.next, performance.now() + seconds * 1000);
  }

  /** Spaces the requests to a host further, unless that was done since this one was sent. */
  slowDown(host, sentAt) {
    const state = this.#stateOf(host);
    if (sentAt < state.slowedAt) return;
    state.slowedAt = performance.now();
    state.space = Math.min(Math.max(state.space * 2, SPACE.first), SPACE.most);
  }

  /** Takes in that the site itself answered a request. */
  answered(host, url) {
    const state = this.#stateOf(host);
    state.space = state.space * RELAXATION < SPACE.least ? 0 : state.space * RELAXATION;
    state.latest = { url, at: performance.now() };
  }

  /** Whether another page of the host was answered lately; undefined if that is not known. */
  othersSucceed(host, url) {
    const latest = this.#hosts.get(host)?.latest;
    if (latest === undefined || latest.url === url || performance.now() - latest.at > NEWS) return undefined;
    return true;
  }

  #stateOf(host) {
    let state = this.#hosts.get(host);
    if (state === undefined) {
      state = { next: 0, space: 0, slowedAt: -Infinity, latest: undefined };
      this.#hosts.set(host, state);
      if (this.#hosts.size > MOST_HOSTS) this.#forgetOne();
    }
    return state;
  }

  /** Forgets the host that is known for the longest, of those for which nothing is pending. */
  #forgetOne() {
    const now = performance.now();
    for (const [host, { next, space }] of this.#hosts) {
      if (next <= now && space === 0) {
        this.#hosts.delete(host);
        return;
      }
    }
  }
}
