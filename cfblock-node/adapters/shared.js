// What the adapters have in common: their options, what they do with a verdict, how much of a body they read.
import { checkedNames, invalidType } from '../lib/arguments.js';
import { errorFor } from '../lib/errors.js';
import { words } from '../lib/verdict.js';

export { checkedNames };

/** How much of a body is read while others wait for it: as much as is searched from its start. */
export const PEEK = 64 * 1024;

/**
 * What an adapter does with verdicts, from the options that all of them take.
 *
 * @param {unknown} options
 * @param {readonly string[]} others the names of the options that only this adapter takes
 */
export function reactions(options, others = []) {
  const { onVerdict, throw: thrown = false } = checkedNames(options, ['onVerdict', 'throw', ...others]);
  optionalFunction('onVerdict', onVerdict);
  const throws = throwsFor(thrown);
  return {
    /** Tells the caller; whatever the function returns is returned. */
    tell: (verdict, about) => onVerdict?.(verdict, about),
    /** The error that is to be thrown for a verdict, or null. */
    errorOf: (verdict, about, cause) => (throws(verdict) ? locatedErrorFor(verdict, about, { cause }) : null),
    /** Whether an error may be thrown at all. */
    mayThrow: thrown !== false,
  };
}

/** The error of an intercepted response that knows where it comes from, or null if the site itself answered. */
export function locatedErrorFor(verdict, { url, response }, options) {
  const error = errorFor(verdict, options);
  if (error === null) return null;
  error.url = url || null;
  // Whoever prints the error does not want all of a library's objects.
  Object.defineProperty(error, 'response', { value: response, enumerable: false });
  return error;
}

/** Refuses what is neither a function nor undefined. */
export function optionalFunction(name, value) {
  if (value !== undefined && typeof value !== 'function') throw invalidType(name, 'a function', value);
  return value;
}

const INTERCEPTED = words.Class.filter((name) => name !== 'passed');

function throwsFor(thrown) {
  if (typeof thrown === 'boolean') return () => thrown;
  if (!Array.isArray(thrown)) throw invalidType('throw', 'a boolean or an array of classes', thrown);
  thrown.forEach((name, at) => {
    if (!INTERCEPTED.includes(name)) throw invalidType(`throw[${at}]`, `one of ${INTERCEPTED.join(', ')}`, name);
  });
  return (verdict) => thrown.includes(verdict.class);
}
