import type { About, AdapterOptions } from './shared.js';

/** What is known of a response that passes through. */
export interface PassingResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A response that passes through, and the options of its request, `opaque` among them. */
export interface Passing extends About<PassingResponse> {
  readonly request: { readonly method: string; readonly path: string; readonly opaque?: unknown };
}

/** The form of undici's `dispatch`. */
export type Dispatch = (options: any, handler: any) => boolean;

/**
 * An interceptor for `dispatcher.compose()` of undici 7 or later.
 *
 * Without `throw`, a response passes as it comes, and its verdict is told when
 * its end or its first 64 KiB have passed. With `throw`, it is held back until
 * then, and an error arrives in place of all of it.
 *
 * Compressed bodies pass compressed; only what is read of them is decoded.
 */
export function cfblockInterceptor(
  options?: AdapterOptions<Passing, void>,
): <Inner extends Dispatch>(dispatch: Inner) => Inner;
