// The verdict: a snapshot that the addon made, read on demand.
import { inspect } from 'node:util';
import { object } from './arguments.js';
import { camelCase, toCamel, toJson } from './members.js';
import { checked, native } from './native.js';
import { triage } from './triage.js';

/** The closed sets of words, each in the order in which snapshots count them. */
export const words = deepFreeze(JSON.parse(native.words()));

// The places in a snapshot, see src/snapshot.rs.
const CLASS = 0;
const FLAGS = 1;
const ACTION = 2;
const CONFIDENCE = 3;
const CODE = 4;
const FACTS = 6;

const INTERCEPTED = 1;
const BLOCKED = 2;
const PREVIEW = 4;
const HAS_CODE = 8;

const made = Symbol('made by this package');

/** A member that comparisons see, such as deepStrictEqual, and that is not in JSON. */
const SNAPSHOT = Symbol('snapshot');

/** What one response says: who answered, why, and what is known about it. Immutable. */
export class Verdict {
  #wire;
  #details;

  constructor(token, snapshot) {
    if (token !== made) throw new TypeError('Illegal constructor: use classify() or Verdict.from()');
    this[SNAPSHOT] = snapshot;
    Object.freeze(this);
  }

  /** The verdict of a record, of which only the known facts are needed. */
  static from(record) {
    const json = typeof record === 'string' ? record : toJson('record', object('record', record));
    return verdictOf(checked(() => native.snapshotOfRecord(json)));
  }

  get class() {
    return words.Class[this[SNAPSHOT].charCodeAt(CLASS)];
  }

  get intercepted() {
    return (this[SNAPSHOT].charCodeAt(FLAGS) & INTERCEPTED) !== 0;
  }

  get blocked() {
    return (this[SNAPSHOT].charCodeAt(FLAGS) & BLOCKED) !== 0;
  }

  get preview() {
    return (this[SNAPSHOT].charCodeAt(FLAGS) & PREVIEW) !== 0;
  }

  get action() {
    return words.Action[this[SNAPSHOT].charCodeAt(ACTION)];
  }

  get confidence() {
    return words.Confidence[this[SNAPSHOT].charCodeAt(CONFIDENCE)];
  }

  get errorCode() {
    if ((this[SNAPSHOT].charCodeAt(FLAGS) & HAS_CODE) === 0) return null;
    return this[SNAPSHOT].charCodeAt(CODE) * 256 + this[SNAPSHOT].charCodeAt(CODE + 1);
  }

  /** The next steps, as the policy allows and the context suggests. */
  triage(options) {
    return triage(this, options);
  }

  /** Whether another verdict says the same. */
  equals(other) {
    return other instanceof Verdict && other[SNAPSHOT] === this[SNAPSHOT];
  }

  /** One line: the class, the number and the title. */
  toString() {
    return native.summary(this.#facts);
  }

  /** The record, with the names that it has in every language. */
  toJSON() {
    return JSON.parse(this.#record);
  }

  [inspect.custom](depth, options, inspectAsUsual) {
    const { steps, causes, evidence, ...scalars } = camelCase(this.toJSON());
    void [steps, causes, evidence];
    const known = Object.entries(scalars).filter(([, value]) => value !== null);
    return `Verdict ${inspectAsUsual(Object.fromEntries(known), options)}`;
  }

  /** @internal */
  static factsOf(verdict) {
    return verdict.#facts;
  }

  /** @internal */
  static detail(verdict, member) {
    if (verdict.#details === undefined) {
      const record = verdict.toJSON();
      verdict.#details = deepFreeze({ ...record, upstream: camelCase(record.upstream) });
    }
    return verdict.#details[member];
  }

  /** Whether a request with this method can be sent again without doing its work twice. */
  safeToRepeat(method) {
    if (typeof method !== 'string') throw invalidType('method', 'a string', method);
    return native.safeToRepeat(this.#facts, method);
  }

  get #facts() {
    return this[SNAPSHOT].slice(FACTS);
  }

  get #record() {
    this.#wire ??= native.record(this.#facts);
    return this.#wire;
  }
}

// The members of the record that have no getter above, by the record's names.
const DETAILS = [
  'reason',
  'challenge_type',
  'producer',
  'provenance',
  'reached_origin',
  'site',
  'upstream',
  'status',
  'ray_id',
  'colo',
  'client_ip',
  'country',
  'host',
  'timestamp',
  'error_name',
  'error_category',
  'retryable',
  'retry_after',
  'owner_action_required',
  'price',
  'party',
  'steps',
  'causes',
  'evidence',
  'docs_url',
];

const { detail, factsOf } = Verdict;
delete Verdict.detail;
delete Verdict.factsOf;

for (const member of DETAILS) {
  Object.defineProperty(Verdict.prototype, toCamel(member), {
    configurable: true,
    get() {
      return detail(this, member);
    },
  });
}

/** The verdict of a snapshot. */
export const verdictOf = (snapshot) => new Verdict(made, snapshot);

/** Whether a value is a verdict or a record, rather than the parts of a response. */
export function isVerdictOrRecord(value) {
  if (typeof value !== 'object' || value === null) return false;
  if ('intercepted' in value) return true;
  const hasParts = ['status', 'headers', 'body'].some((part) => value[part] !== undefined);
  return !hasParts && ('class' in value || 'error_code' in value);
}

/** The facts of a verdict or of its record, as JSON. */
export function factsOfArgument(name, value) {
  if (value instanceof Verdict) return factsOf(value);
  return factsOf(Verdict.from(object(name, value)));
}

function deepFreeze(value) {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
