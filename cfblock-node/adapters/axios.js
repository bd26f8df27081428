// axios: an interceptor that classifies responses, of whatever type their data is.
import { invalidType } from '../lib/arguments.js';
import { classify } from '../lib/classify.js';
import { decodedStart } from './decode.js';
import { reactions } from './shared.js';

const verdicts = new WeakMap();

/** Adds the interceptor to an instance of axios; returns a function that removes it. */
export function addCfblock(axios, options = {}) {
  const responses = axios?.interceptors?.response;
  if (typeof responses?.use !== 'function') throw invalidType('axios', 'an instance of axios', axios);
  const { tell, errorOf } = reactions(options);

  /** Classifies a response; throws where that is asked for. */
  async function examine(response, cause) {
    const url = addressOf(axios, response);
    const verdict = classify({ status: response.status, headers: response.headers, url, ...bodyOf(response) });
    verdicts.set(response, verdict);
    const about = { url, response };
    await tell(verdict, about);
    const error = errorOf(verdict, about, cause);
    if (error !== null) throw error;
  }

  const added = responses.use(
    async (response) => {
      await examine(response);
      return response;
    },
    async (error) => {
      if (error?.response !== undefined) await examine(error.response, error);
      throw error;
    },
  );
  return () => responses.eject(added);
}

/** The verdict of a response that came through the interceptor, of axios' own error about one, or null. */
export const verdictOf = (value) => verdicts.get(value) ?? verdicts.get(value?.response) ?? null;

/** The address that answered, after redirects where the client knows it. */
function addressOf(axios, { request, config }) {
  const answered = request?.res?.responseUrl;
  if (typeof answered === 'string' && answered !== '') return answered;
  return config?.url === undefined && config?.baseURL === undefined ? null : axios.getUri(config);
}

/** The body as it was received, as far as `data` tells; nothing of a stream, which is left to the caller. */
function bodyOf({ data, config, headers }) {
  if (config?.method?.toLowerCase() === 'head') return {};
  if (typeof data === 'string') return { body: data };
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) {
    const bytes = ArrayBuffer.isView(data)
      ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      : Buffer.from(data);
    return decodedStart(bytes, headers?.['content-encoding'], false);
  }
  return { body: jsonOf(data) };
}

/** More members than a structured error or a waiting room has. */
const MEMBERS = 256;

/** The text of parsed JSON, unless it is so large that only a site can have written it. */
function jsonOf(data) {
  const isPlain = typeof data === 'object' && data !== null && Object.getPrototypeOf(data) === Object.prototype;
  if (!isPlain) return undefined;
  let members = 0;
  try {
    return JSON.stringify(data, (_, value) => {
      if (++members > MEMBERS) throw new RangeError('too large');
      return value;
    });
  } catch {
    return undefined;
  }
}
