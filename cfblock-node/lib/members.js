// Names of members: snake_case in records, camelCase in JavaScript. Values stay as they are.
import { invalidValue } from './arguments.js';

/** The name that a member of a record has in JavaScript. */
export const toCamel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const toSnake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function rename(value, name) {
  if (Array.isArray(value)) return value.map((item) => rename(item, name));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [name(key), rename(member, name)]);
  return Object.fromEntries(entries);
}

/** A record's members as JavaScript names them. */
export const camelCase = (value) => rename(value, toCamel);

/** Members as records name them. */
export const snakeCase = (value) => rename(value, toSnake);

/**
 * A member as JSON for the addon, `renamed` before.
 *
 * @template T
 * @param {string} name
 * @param {T} value
 * @param {(value: T) => unknown} renamed
 */
export function toJson(name, value, renamed = (same) => same) {
  try {
    return JSON.stringify(renamed(value), wellFormed);
  } catch (error) {
    throw invalidValue(`The "${name}" member cannot be written as JSON: ${error.message}`);
  }
}

/** Half of a surrogate pair is no text; U+FFFD stands for it. */
const wellFormed = (_, value) => (typeof value === 'string' ? value.toWellFormed() : value);
