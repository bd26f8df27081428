// The catalogue in words and as data.
import { invalidType, milliseconds, object } from './arguments.js';
import { camelCase, snakeCase, toJson } from './members.js';
import { checked, native } from './native.js';
import { factsOfArgument } from './verdict.js';

/** What a code, a reason, an action or another word of a verdict means. */
export function explain(word) {
  if (typeof word !== 'string' && typeof word !== 'number') {
    throw invalidType('word', 'a string or a number', word);
  }
  return checked(() => native.explain(String(word)));
}

/** Everything known about each error code and page kind. */
export const codes = () => camelCase(JSON.parse(native.codes()));

/** A short message to the site's owner, with a subject in its first line. */
export function ticket(verdict, details = {}) {
  const { time, ...others } = object('details', details);
  const members = { ...others };
  if (time !== undefined) {
    const moment = new Date(milliseconds('details.time', time));
    members.time = `${moment.toISOString().slice(0, 19)}Z`;
  }
  const facts = factsOfArgument('verdict', verdict);
  return checked(() => native.ticket(facts, toJson('details', members, snakeCase)));
}

/** The version of the package. */
export const version = native.VERSION;
