// What the adapters that act do with advice: which steps they can take, and how long they wait.

/** The steps that send the same request once more, by the same client. */
const SENDS_AGAIN = new Set(['retry', 'wait', 'back_off', 'slow_down', 'join_queue']);

/**
 * What was advised for one request so far, and what to do next.
 *
 * A step that was followed is not advised again, so that following advice ends.
 */
export class Course {
  #tried;

  /** @param {object[]} tried the steps that were followed already; those to come are added */
  constructor(tried = []) {
    this.#tried = tried;
  }

  /** The steps that are advised now, the first one first. */
  steps(verdict, context) {
    return verdict.triage({ ...context, tried: this.#tried }).steps;
  }

  /** Takes in that a step is followed. A back-off and a queue go on as long as there are attempts. */
  followed({ action, change }) {
    if (action !== 'back_off' && action !== 'join_queue') this.#tried.push({ action, change });
  }
}

/** Whether a step sends the same request once more, by the same client. */
export const sendsAgain = (step) => SENDS_AGAIN.has(step.action);

/** Whether a step asks for no longer a wait than so many seconds. */
export const fits = ({ wait }, most) => (wait ?? 0) <= most;

/**
 * How many seconds to let pass before a step, after so many attempts.
 *
 * Never less than was stated; what is added so that clients do not come back
 * together exceeds `most` only if the statement does.
 */
export function pause({ wait, backoff }, attempt, most = Infinity) {
  if (!backoff) return wait ?? 0;
  const { floor, base, factor, cap } = backoff;
  const longest = Math.max(floor, Math.min(cap, most, base * factor ** (attempt - 1)));
  return floor + Math.random() * (longest - floor);
}
