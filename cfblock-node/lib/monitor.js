// Streams of verdicts: monitors and tallies.
import { integer, invalidType, milliseconds, object, text } from './arguments.js';
import { nativeDiagnosis } from './diagnosis.js';
import { camelCase, snakeCase, toJson } from './members.js';
import { checked, native } from './native.js';
import { factsOfArgument, Verdict } from './verdict.js';

const parsed = (json) => (json === null ? null : camelCase(JSON.parse(json)));
const listed = (json) => parsed(json) ?? [];

const INCIDENT = [
  'pipelineId',
  'host',
  'class',
  'errorCode',
  'phase',
  'beganAt',
  'openedAt',
  'latest',
  'actedAt',
  'responses',
  'probes',
  'classification',
  'action',
];

/** What is said of an incident, without what only the monitor counts with. */
const publicIncident = (incident) => Object.fromEntries(INCIDENT.map((name) => [name, incident[name] ?? null]));

/** An error code that goes with a class. */
const codeOf = (value) => (value === undefined || value === null ? undefined : integer('errorCode', value, 0, 65535));

/** Watches streams of verdicts, by pipeline and host. */
export class Monitor {
  #native;

  constructor(options = {}) {
    const restored = options instanceof native.Monitor;
    this.#native = restored
      ? options
      : checked(() => new native.Monitor(toJson('options', object('options', options), snakeCase)));
  }

  /** Goes on where a saved monitor stopped. */
  static restore(state) {
    return new Monitor(checked(() => native.Monitor.restore(text('state', state))));
  }

  /** Takes one response of a pipeline into account: a verdict, or a class with its error code. */
  observe(pipeline, host, answer, time, errorCode) {
    const at = milliseconds('time', time);
    const names = [text('pipeline', pipeline), text('host', host)];
    if (answer instanceof Verdict) {
      const facts = factsOfArgument('answer', answer);
      return listed(checked(() => this.#native.observeVerdict(...names, facts, at)));
    }
    if (typeof answer !== 'string') throw invalidType('answer', 'a Verdict or a class', answer);
    return listed(checked(() => this.#native.observe(...names, answer, codeOf(errorCode), at)));
  }

  /** Takes in that a probe was made for an incident; whether it is open. */
  probed(pipeline, host, className, time) {
    const of = incident(pipeline, host, className);
    return checked(() => this.#native.probed(...of, milliseconds('time', time)));
  }

  /** Takes in what a diagnosis says about an incident; null where it is not open. */
  diagnosed(pipeline, host, className, diagnosis, time) {
    const of = incident(pipeline, host, className);
    const made = nativeDiagnosis(diagnosis);
    return parsed(checked(() => this.#native.diagnosed(...of, made, milliseconds('time', time))));
  }

  /** Takes in what was done about an incident; whether it is open. */
  acted(pipeline, host, className, action, time) {
    const of = incident(pipeline, host, className);
    return checked(() => this.#native.acted(...of, text('action', action), milliseconds('time', time)));
  }

  /** Gives up what has lasted too long. Call it now and then. */
  tick(time) {
    return listed(checked(() => this.#native.tick(milliseconds('time', time))));
  }

  /** The open incidents. */
  incidents() {
    return parsed(this.#native.incidents()).map(publicIncident);
  }

  /** The share of responses that counts as normal, for a class that occurred at a host. */
  baseline(pipeline, host, className) {
    return checked(() => this.#native.baseline(...incident(pipeline, host, className)));
  }

  /** What has happened so far. */
  counters() {
    return parsed(this.#native.counters());
  }

  /** Everything it knows, as JSON to be stored. */
  save() {
    return this.#native.save();
  }
}

const incident = (pipeline, host, className) => [
  text('pipeline', pipeline),
  text('host', host),
  text('class', className),
];

/** Counts of responses that many workers make and that can be put together in any order. */
export class Tally {
  #native;

  constructor(restored) {
    this.#native = restored instanceof native.Tally ? restored : new native.Tally();
  }

  /** Goes on where a saved tally stopped. */
  static restore(state) {
    return new Tally(checked(() => native.Tally.restore(text('state', state))));
  }

  /** Counts one response, for a part that nobody else counts for. */
  add(part, pipeline, host, answer, errorCode) {
    const names = [text('part', part), text('pipeline', pipeline), text('host', host)];
    const isVerdict = answer instanceof Verdict;
    const className = isVerdict ? answer.class : text('answer', answer);
    const code = isVerdict ? answer.errorCode : codeOf(errorCode);
    checked(() => this.#native.add(...names, className, code));
  }

  /** Takes in what another tally knows; twice is the same as once. */
  merge(other) {
    if (!(other instanceof Tally)) throw invalidType('other', 'a Tally', other);
    this.#native.merge(other.save());
  }

  /** The sums by pipeline, host, class and error code. */
  rows() {
    return parsed(this.#native.rows());
  }

  /** Everything it knows, as JSON to be stored or sent. */
  save() {
    return this.#native.save();
  }
}
