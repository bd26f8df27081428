// The addon, with errors of JavaScript's own kinds.
import { createRequire } from 'node:module';
import { invalidValue } from './arguments.js';

const require = createRequire(import.meta.url);
const native = loaded();

/** @returns {typeof import('../native.cjs')} */
function loaded() {
  try {
    return require('../native.cjs');
  } catch (error) {
    throw noBinary(error);
  }
}

function noBinary(cause) {
  const platform = `${process.platform}-${process.arch}`;
  const error = new Error(`cfblock cannot load its binary for ${platform}: ${whyNoBinary(platform)}`, { cause });
  error.code = 'CFBLOCK_NO_BINARY';
  return error;
}

function whyNoBinary(platform) {
  if (!/^(linux|darwin|win32)-(x64|arm64)$/.test(platform)) {
    return (
      `there is no binary for ${platform}; there are binaries for ` +
      'linux x64/arm64 (glibc, musl), macOS x64/arm64, Windows x64/arm64'
    );
  }
  const name = `@cfblock/native-${platform}${variant()}`;
  try {
    require.resolve(name);
  } catch {
    return `${name} is not installed: was npm run with --omit=optional, or node_modules copied from another system?`;
  }
  return `${name} is installed, but does not load; the cause says why`;
}

function variant() {
  if (process.platform === 'win32') return '-msvc';
  if (process.platform !== 'linux') return '';
  return process.report.getReport().header.glibcVersionRuntime ? '-gnu' : '-musl';
}

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
