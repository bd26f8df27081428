// Header fields of any shape as one list of texts.
import { invalidType } from './arguments.js';

const SHAPES = 'a Headers object, an array of [name, value] pairs, rawHeaders or an object';

/**
 * The names and values of header fields, in turn.
 *
 * @param {unknown} headers
 * @returns {string[]}
 */
export function headerFields(headers) {
  const fields = [];
  if (Array.isArray(headers)) {
    addList(headers, fields);
  } else if (typeof headers !== 'object' || headers === null || typeof headers.then === 'function') {
    throw invalidType('headers', SHAPES, headers);
  } else if (typeof headers[Symbol.iterator] === 'function') {
    for (const pair of headers) addPair(pair, fields);
  } else {
    for (const name of Object.keys(headers)) add(name, headers[name], fields);
  }
  return fields;
}

function addList(list, fields) {
  if (typeof list[0] !== 'string') {
    for (const pair of list) addPair(pair, fields);
    return;
  }
  if (list.length % 2 !== 0) throw invalidType('headers', 'rawHeaders with a value for each name', list);
  for (let at = 0; at < list.length; at += 2) add(list[at], list[at + 1], fields);
}

function addPair(pair, fields) {
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw invalidType(`headers[${fields.length / 2}]`, 'a [name, value] pair', pair);
  }
  add(pair[0], pair[1], fields);
}

function add(name, value, fields) {
  if (typeof name !== 'string') throw invalidType(`headers[${fields.length / 2}][0]`, 'a string', name);
  if (typeof value === 'string') {
    fields.push(name, value);
  } else if (Array.isArray(value)) {
    for (const one of value) add(name, one, fields);
  } else if (typeof value === 'number') {
    fields.push(name, String(value));
  } else if (value !== undefined) {
    throw invalidType(`headers.${name}`, 'a string or an array of strings', value);
  }
}

/** Whether each character is one byte. */
export const isBytes = (text) => !/[^\0-\xff]/.test(text);

/** A text of one line whose characters are bytes: those of UTF-8, where they are no bytes yet. */
export function byteLine(text) {
  const bytes = isBytes(text) ? text : Buffer.from(text).latin1Slice();
  return bytes.replaceAll('\n', ' ');
}
