// undici: an interceptor that classifies responses as they pass through.
import { classify } from '../lib/classify.js';
import { needsBody } from '../lib/course.js';
import { decodedStart } from './decode.js';
import { PEEK, reactions } from './shared.js';

/**
 * An interceptor for `dispatcher.compose()`.
 *
 * Responses pass through it as they come. Only where it may throw does it
 * hold them back, until the start of the body is known.
 */
export function cfblockInterceptor(options = {}) {
  const react = reactions(options);
  return (dispatch) => (request, handler) => dispatch(request, new Classifier(request, handler, react));
}

/** Hands the events of one request on, and reads the start of its response. */
class Classifier {
  #request;
  #handler;
  #react;
  /** The response that is read, until there is a verdict. */
  #response = null;
  #chunks = [];
  #length = 0;
  /** The events that are held back, in order; null where they are handed on at once. */
  #held = null;

  constructor(request, handler, react) {
    this.#request = request;
    this.#handler = handler;
    this.#react = react;
  }

  onRequestStart(controller, context) {
    this.#handler.onRequestStart?.(controller, context);
  }

  onBodySent(...event) {
    this.#handler.onBodySent?.(...event);
  }

  onRequestSent(...event) {
    this.#handler.onRequestSent?.(...event);
  }

  onRequestUpgrade(...event) {
    this.#handler.onRequestUpgrade?.(...event);
  }

  onResponseStarted(...event) {
    this.#handler.onResponseStarted?.(...event);
  }

  onResponseStart(controller, statusCode, headers, statusMessage) {
    // The answers 1xx are followed by another.
    if (statusCode >= 200) {
      this.#response = { statusCode, headers };
      this.#chunks = [];
      this.#length = 0;
      if (this.#react.mayThrow) this.#held = [];
    }
    this.#handOn('onResponseStart', controller, statusCode, headers, statusMessage);
    if (this.#response !== null && !needsBody({ status: statusCode, headers })) this.#conclude(controller);
  }

  onResponseData(controller, chunk) {
    this.#handOn('onResponseData', controller, chunk);
    if (this.#response === null) return;
    this.#chunks.push(chunk);
    this.#length += chunk.byteLength;
    if (this.#length >= PEEK) this.#conclude(controller);
  }

  onResponseEnd(controller, trailers) {
    const error = this.#decide(true);
    if (error !== null) {
      this.#handler.onResponseError?.(controller, error);
    } else if (!controller.aborted) {
      this.#release();
      this.#handler.onResponseEnd?.(controller, trailers);
    }
  }

  onResponseError(controller, error) {
    this.#forget();
    this.#handler.onResponseError?.(controller, error);
  }

  #handOn(event, controller, ...details) {
    if (this.#held !== null) {
      this.#held.push([event, controller, ...details]);
    } else {
      this.#handler[event]?.(controller, ...details);
    }
  }

  /** Hands on what was held back. */
  #release() {
    const held = this.#held ?? [];
    this.#held = null;
    for (const [event, controller, ...details] of held) {
      if (!controller.aborted) this.#handler[event]?.(controller, ...details);
    }
  }

  /** Decides while the response still comes. */
  #conclude(controller) {
    const error = this.#decide(false);
    if (error === null) {
      this.#release();
    } else {
      this.#forget();
      // It comes back by `onResponseError`.
      controller.abort(error);
    }
  }

  /** Classifies the response, tells the caller, and returns the error that is to be thrown, or null. */
  #decide(complete) {
    if (this.#response === null) return null;
    const { statusCode, headers } = this.#response;
    const bytes = Buffer.concat(this.#chunks);
    this.#response = null;
    this.#chunks = [];
    const isRead = this.#request.method !== 'HEAD' && (complete || bytes.byteLength > 0);
    const url = addressOf(this.#request);
    const verdict = classify({
      status: statusCode,
      headers,
      url,
      ...(isRead && decodedStart(bytes.subarray(0, PEEK), text(headers['content-encoding']), !complete)),
    });
    const about = { url, request: this.#request, response: { statusCode, headers } };
    try {
      this.#react.tell(verdict, about);
    } catch (error) {
      return error;
    }
    return this.#react.errorOf(verdict, about);
  }

  #forget() {
    this.#response = null;
    this.#chunks = [];
    this.#held = null;
  }
}

const text = (value) => (value === undefined ? undefined : String(value));

/** The address that a request is sent to, or null if its parts make none. */
function addressOf({ origin, path }) {
  try {
    return new URL(path, origin).href;
  } catch {
    return null;
  }
}
