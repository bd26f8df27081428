// What the adapters that act do with advice: which steps they can take, and how long they wait.

/** The steps that send the same request once more, by the same client. */
const SENDS_AGAIN = new Set(['retry', 'wait', 'back_off', 'slow_down', 'join_queue']);

/**
 * What was advised for one request so far, and what to do next.
 *
 * A step that was followed is not advised again, so that following advice ends.
 */
export class Course {
  #tried = [];

  /** The first step that is advised now, as `triage` words it. */
  next(verdict, { policy, attempt, othersSucceed }) {
    return verdict.triage({ policy, attempt, tried: this.#tried, othersSucceed }).steps[0];
  }

  /** Takes in that a step is followed. A back-off and a queue go on as long as there are attempts. */
  followed({ action, change }) {
    if (action !== 'back_off' && action !== 'join_queue') this.#tried.push({ action, change });
  }
}

/** Whether a step sends the same request once more, by the same client. */
export const sendsAgain = (step) => SENDS_AGAIN.has(step.action);

/** How many milliseconds to let pass before a step, after so many attempts; never less than was stated. */
export function pause({ wait, backoff }, attempt) {
  if (backoff === null || backoff === undefined) return (wait ?? 0) * 1000;
  const { floor, base, factor, cap } = backoff;
  const longest = Math.max(floor, Math.min(cap, base * factor ** (attempt - 1)));
  return Math.ceil((floor + Math.random() * (longest - floor)) * 1000);
}
