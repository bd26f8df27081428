// Errors about arguments, as Node words them.
import { inspect } from 'node:util';

function received(value) {
  if (value === null || value === undefined) return `Received ${value}`;
  if (typeof value === 'function') return `Received function ${value.name}`;
  if (typeof value === 'object') {
    const name = value.constructor?.name;
    if (typeof value.then === 'function') return `Received an instance of ${name}; was an await forgotten?`;
    return name ? `Received an instance of ${name}` : `Received ${inspect(value, { depth: -1 })}`;
  }
  const shown = inspect(value, { colors: false });
  return `Received type ${typeof value} (${shown.length > 28 ? `${shown.slice(0, 25)}...` : shown})`;
}

function coded(error, code) {
  error.code = code;
  return error;
}

/** A member has a wrong type. */
export function invalidType(name, expected, value) {
  const message = `The "${name}" member must be ${expected}. ${received(value)}`;
  return coded(new TypeError(message), 'ERR_INVALID_ARG_TYPE');
}

/** A value cannot be used. */
export function invalidValue(message) {
  return coded(new TypeError(message), 'ERR_INVALID_ARG_VALUE');
}

/** A number is too small or too large. */
export function outOfRange(name, expected, value) {
  const message = `The value of "${name}" is out of range. It must be ${expected}. Received ${inspect(value)}`;
  return coded(new RangeError(message), 'ERR_OUT_OF_RANGE');
}

/** An integer within bounds. */
export function integer(name, value, least, most) {
  if (typeof value !== 'number') throw invalidType(name, 'an integer', value);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw outOfRange(name, `an integer from ${least} to ${most}`, value);
  }
  return value;
}

/** A text. */
export function text(name, value) {
  if (typeof value !== 'string') throw invalidType(name, 'a string', value);
  return value;
}

/** An object that is no list. */
export function object(name, value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidType(name, 'an object', value);
  }
  return value;
}

/** An object, none of whose members has a name that nobody reads. */
function onlyNamed(value, names, prefix, kind) {
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw invalidValue(`The "${prefix}${unknown}" member is unknown; the ${kind} are ${names.join(', ')}`);
  }
  return value;
}

/** An object of options, none of which has a name that nobody reads. */
export const checkedNames = (options, names) => onlyNamed(object('options', options), names, '', 'options');

/** A member that is an object, none of whose own members has a name that nobody reads. */
export const checkedMembers = (name, value, names) =>
  onlyNamed(object(name, value), names, `${name}.`, 'members');

// What RFC 3339 can write.
const FIRST_TIME = Date.parse('0000-01-01T00:00:00Z');
const LAST_TIME = Date.parse('9999-12-31T23:59:59.999Z');

/** Milliseconds since 1970, of a Date or a number. */
export function milliseconds(name, value) {
  const time = value instanceof Date ? value.getTime() : value;
  if (typeof time !== 'number') throw invalidType(name, 'a Date or milliseconds since 1970', value);
  if (!(time >= FIRST_TIME && time <= LAST_TIME)) throw outOfRange(name, 'a time in the years 0 to 9999', value);
  return time;
}
