// Header fields of any shape as one block of lines, of which each character is one byte.
import { invalidType } from './arguments.js';

const SHAPES = 'a Headers object, an array of [name, value] pairs, rawHeaders or an object';

/**
 * The fields as lines `name: value`, and their number.
 *
 * A line end within a name or a value shows as a wrong number of lines; then
 * `isSafe` has to make a space of it.
 *
 * @param {unknown} headers
 * @returns {{ text: string, fields: number }}
 */
export function headerBlock(headers, isSafe = false) {
  const block = { text: '', fields: 0, isSafe };
  if (Array.isArray(headers)) {
    addList(headers, block);
  } else if (typeof headers !== 'object' || headers === null || typeof headers.then === 'function') {
    throw invalidType('headers', SHAPES, headers);
  } else if (typeof headers[Symbol.iterator] === 'function') {
    for (const pair of headers) addPair(pair, block);
  } else {
    for (const name of Object.keys(headers)) add(name, headers[name], block);
  }
  return block;
}

function addList(list, block) {
  if (typeof list[0] !== 'string') {
    for (const pair of list) addPair(pair, block);
    return;
  }
  if (list.length % 2 !== 0) throw invalidType('headers', 'rawHeaders with a value for each name', list);
  for (let at = 0; at < list.length; at += 2) add(list[at], list[at + 1], block);
}

function addPair(pair, block) {
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw invalidType(`headers[${block.fields}]`, 'a [name, value] pair', pair);
  }
  add(pair[0], pair[1], block);
}

function add(name, value, block) {
  if (typeof name !== 'string') throw invalidType(`headers[${block.fields}][0]`, 'a string', name);
  if (typeof value === 'string') {
    block.text += block.isSafe ? `${safe(name)}: ${safe(value)}\n` : `${name}: ${value}\n`;
    block.fields += 1;
  } else if (Array.isArray(value)) {
    for (const one of value) add(name, one, block);
  } else if (typeof value === 'number') {
    add(name, String(value), block);
  } else if (value !== undefined) {
    throw invalidType(`headers.${name}`, 'a string or an array of strings', value);
  }
}

/** The UTF-8 bytes, where a character is no byte, and no line ends. */
function safe(text) {
  const bytes = isBytes(text) ? text : Buffer.from(text).latin1Slice();
  return bytes.replace(/[\r\n]/g, ' ');
}

/** Whether each character is one byte. */
export const isBytes = (text) => !/[^\0-\xff]/.test(text);
