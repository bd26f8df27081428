// Policies and triage.
import { checkedNames, integer, invalidType, object, text } from './arguments.js';
import { camelCase, snakeCase, toJson } from './members.js';
import { checked, native } from './native.js';
import { factsOfArgument } from './verdict.js';

/** What the caller is willing to do, and how long. */
export class Policy {
  static full = new Policy();
  static cooperative = new Policy({ base: 'cooperative' });

  #json;

  constructor(members = {}) {
    this.#json = toJson('policy', object('policy', members), snakeCase);
    Object.assign(this, camelCase(JSON.parse(checked(() => native.policy(this.#json)))));
    Object.freeze(this.exclude);
    Object.freeze(this.changes);
    Object.freeze(this);
  }

  /** What the constructor was given, as JSON. */
  static jsonOf(policy) {
    return policy.#json;
  }
}

const { jsonOf } = Policy;
delete Policy.jsonOf;

/** A policy, its name or its members, as a Policy. */
function policyOf(policy) {
  if (policy === undefined || policy === null) return Policy.full;
  if (policy instanceof Policy) return policy;
  return new Policy(typeof policy === 'string' ? { base: policy } : policy);
}

/** A policy, its name or its members, as JSON. */
export function policyJson(policy) {
  return policy === undefined || policy === null ? undefined : jsonOf(policyOf(policy));
}

/** A policy whose limits are no wider than these. */
export function policyWithin(policy, limits = {}) {
  const { exclude, changes, maxWait, maxAttempts, maxQueue } = policyOf(policy);
  const members = { exclude, changes, maxWait, maxAttempts, maxQueue };
  for (const [name, limit] of Object.entries(limits)) members[name] = Math.min(members[name], Math.floor(limit));
  return new Policy(members);
}

const OPTIONS = ['policy', 'attempt', 'tried', 'othersSucceed', 'method', 'repeatable'];

/** The next steps for a verdict, as the policy allows and the context suggests. */
export function triage(verdict, options = {}) {
  const { policy, attempt, tried, othersSucceed, method, repeatable } = checkedNames(options, OPTIONS);
  const context = {};
  if (attempt !== undefined) context.attempt = integer('attempt', attempt, 0, 4294967295);
  if (tried !== undefined) context.tried = steps(tried);
  if (othersSucceed !== undefined && othersSucceed !== null) {
    if (typeof othersSucceed !== 'boolean') throw invalidType('othersSucceed', 'a boolean', othersSucceed);
    context.others_succeed = othersSucceed;
  }
  if (method !== undefined) context.method = text('method', method);
  if (repeatable !== undefined) {
    if (typeof repeatable !== 'boolean') throw invalidType('repeatable', 'a boolean', repeatable);
    context.repeatable = repeatable;
  }
  const facts = factsOfArgument('verdict', verdict);
  const json = checked(() => native.triage(facts, policyJson(policy), toJson('tried', context)));
  return camelCase(JSON.parse(json));
}

/** Steps that were tried: their actions, or the steps as they were advised. */
function steps(tried) {
  if (!Array.isArray(tried)) throw invalidType('tried', 'an array of actions or steps', tried);
  return tried.map((step, at) => {
    if (typeof step === 'string') return { action: step };
    const { action, change = [] } = object(`tried[${at}]`, step);
    return { action, change };
  });
}
