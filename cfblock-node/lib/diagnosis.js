// From several observations to whom a fault hits.
import { checkedMembers, checkedNames, invalidType, invalidValue, milliseconds, object } from './arguments.js';
import { classify } from './classify.js';
import { camelCase, snakeCase, toJson } from './members.js';
import { checked, native } from './native.js';
import { policyJson } from './triage.js';
import { factsOfArgument, isVerdictOrRecord } from './verdict.js';

const natives = new WeakMap();

/** Whom a fault hits, what it is, what to do, and what to look at next. */
export class Diagnosis {
  constructor(made) {
    if (!(made instanceof native.Diagnosis)) throw new TypeError('Illegal constructor: use diagnose()');
    natives.set(this, made);
    Object.assign(this, camelCase(this.toJSON()));
    Object.freeze(this);
  }

  /** The record, with the names that it has in every language. */
  toJSON() {
    return JSON.parse(natives.get(this).record());
  }
}

/** The addon's own form of a diagnosis. */
export function nativeDiagnosis(value) {
  const made = natives.get(value);
  if (made === undefined) throw invalidType('diagnosis', 'a Diagnosis', value);
  return made;
}

/** Says whom a fault hits, from what several vantages saw of one host. */
export function diagnose(observations, options = {}) {
  const { candidates = [], policy } = checkedNames(options, ['candidates', 'policy']);
  const seen = list('observations', observations, observationJson);
  const open = list('candidates', candidates, candidateJson);
  return new Diagnosis(checked(() => native.diagnose(seen, open, policyJson(policy))));
}

function list(name, items, json) {
  if (typeof items?.[Symbol.iterator] !== 'function' || typeof items === 'string') {
    throw invalidType(name, 'an iterable of objects', items);
  }
  return Array.from(items, (item, at) => json(object(`${name}[${at}]`, item), `${name}[${at}]`));
}

/** An observation with a verdict, or with the parts of a response in its place. */
function observationJson(observation, name) {
  const { id, time, verdict } = observation;
  const url = observation.url instanceof URL ? observation.url.href : observation.url;
  const vantage = vantageOf(observation, name);
  let facts;
  try {
    facts = factsOfArgument(`${name}.verdict`, isKnown(verdict) ? verdict : classifyParts(observation));
  } catch (error) {
    if (!error.message.includes(name)) error.message = `${name}: ${error.message}`;
    throw error;
  }
  const seconds = time === undefined ? undefined : Math.floor(milliseconds(`${name}.time`, time) / 1000);
  const moment = seconds === undefined ? undefined : new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  const around = toJson(name, { id, vantage, url, time: moment }, snakeCase);
  return `${around.slice(0, -1)},"verdict":${facts}}`;
}

function candidateJson(candidate, name) {
  vantageOf(candidate, name);
  return toJson(name, candidate, snakeCase);
}

const VANTAGE = [
  'network',
  'asn',
  'country',
  'ip',
  'tlsFingerprint',
  'userAgent',
  'httpVersion',
  'browser',
  'session',
  'rate',
];

const vantageOf = ({ vantage }, name) => checkedMembers(`${name}.vantage`, vantage ?? {}, VANTAGE);

function classifyParts(observation) {
  if (isVerdictOrRecord(observation)) {
    throw invalidValue('A verdict stands in place of an observation; give { verdict, vantage }');
  }
  if (![observation.status, observation.headers, observation.body].some(isKnown)) {
    throw invalidType('verdict', 'given where there is no status, no headers and no body', observation.verdict);
  }
  return classify(observation);
}

const isKnown = (part) => part !== undefined && part !== null;
