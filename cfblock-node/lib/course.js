// The course of a request: what was advised for it so far, and what comes next.
import { checkedNames, integer, invalidType, outOfRange, text } from './arguments.js';
import { byteLine, headerFields, isBytes } from './headers.js';
import { camelCase, toJson } from './members.js';
import { checked, native } from './native.js';
import { policyJson } from './triage.js';
import { factsOfArgument, words } from './verdict.js';

const OPTIONS = ['policy', 'method', 'repeatable', 'can', 'sent'];

/** The way of one request. Ask `next` after each answer, or after each failure without one. */
export class Course {
  #state;
  #attempts = 0;

  constructor(options = {}) {
    const { policy, method = 'GET', repeatable = false, can = [], sent = 0 } = checkedNames(options, OPTIONS);
    text('method', method);
    if (typeof repeatable !== 'boolean') throw invalidType('repeatable', 'a boolean', repeatable);
    if (!Array.isArray(can)) throw invalidType('can', 'an array of actions', can);
    integer('sent', sent, 0, 4294967295);
    const members = toJson('can', { method, repeatable, can, sent });
    this.#state = checked(() => native.course(policyJson(policy), members));
    this.#attempts = sent;
  }

  /** The course whose `toJSON()` was stored. */
  static from(state) {
    const course = new Course();
    const json = typeof state === 'string' ? state : toJson('state', state);
    course.#state = checked(() => native.courseState(json));
    course.#attempts = JSON.parse(course.#state).attempts;
    return course;
  }

  /** What comes next, after a verdict or a failure. */
  next(outcome, options = {}) {
    const { othersSucceed, random = Math.random() } = checkedNames(options, ['othersSucceed', 'random']);
    if (othersSucceed !== undefined && othersSucceed !== null && typeof othersSucceed !== 'boolean') {
      throw invalidType('othersSucceed', 'a boolean', othersSucceed);
    }
    if (typeof random !== 'number') throw invalidType('random', 'a number from 0 to 1', random);
    if (!(random >= 0 && random <= 1)) throw outOfRange('random', 'a number from 0 to 1', random);
    const isFailure = typeof outcome === 'string';
    if (isFailure && !words.Failure.includes(outcome)) {
      throw invalidType('outcome', `a verdict or one of ${words.Failure.join(', ')}`, outcome);
    }
    const facts = isFailure ? undefined : factsOfArgument('outcome', outcome);
    const json = checked(() =>
      native.courseNext(this.#state, facts, isFailure ? outcome : undefined, othersSucceed ?? undefined, random),
    );
    const { course, attempts, next } = JSON.parse(json);
    this.#state = JSON.stringify(course);
    this.#attempts = attempts;
    return camelCase(next);
  }

  /** How often the request was sent so far; refreshes of a queue do not count. */
  get attempts() {
    return this.#attempts;
  }

  /** What `Course.from` takes, to go on later or elsewhere. */
  toJSON() {
    return JSON.parse(this.#state);
  }
}

/** Whether a body could change what status and headers say: most answers need none. */
export function needsBody(response) {
  const { status, headers } = response ?? {};
  const number = status === undefined || status === null ? undefined : integer('status', status, 0, 65535);
  if (headers === undefined || headers === null) return native.needsBody(number, undefined, 0);
  const fields = headerFields(headers);
  const lines = fields.join('\n');
  const found = isBytes(lines) ? native.needsBody(number, lines, fields.length / 2) : null;
  return found ?? native.needsBody(number, fields.map(byteLine).join('\n'), fields.length / 2);
}
