// The addon, with errors of JavaScript's own kinds.
import native from '../native.cjs';
import { invalidValue } from './arguments.js';

/**
 * Calls into the addon; what it refuses is a TypeError about an argument.
 *
 * @template T
 * @param {() => T} work
 * @returns {T}
 */
export function checked(work) {
  try {
    return work();
  } catch (error) {
    if (error.code === 'InvalidArg') throw invalidValue(error.message);
    throw error;
  }
}

export { native };
