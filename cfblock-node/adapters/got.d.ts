import type { PolicyLike, Verdict } from '../lib/index.js';
import type { About, AdapterOptions } from './shared.js';

/** What is read of a response of got. */
export interface GotResponse {
  readonly statusCode: number;
  readonly url: string;
  readonly ok: boolean;
  readonly rawBody: Uint8Array;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface GotOptions extends AdapterOptions<About<GotResponse>> {
  /**
   * Whether got's retries follow advice where Cloudflare answered: they wait as
   * long as was stated, and nothing is retried that the advice says not to.
   *
   * got's `retry.limit`, `retry.methods` and `retry.maxRetryAfter` stay the
   * upper bounds; answers of the site itself are left to got.
   */
  retry?: boolean;
  /** What retries may do, and how long; `full` by default. */
  policy?: PolicyLike;
}

/** What got's `extend` takes. */
export interface GotExtension {
  hooks: {
    afterResponse: ((response: any) => Promise<any>)[];
    beforeError: ((error: any) => Promise<any>)[];
  };
  retry?: { calculateDelay: (retry: any) => Promise<number> };
}

/**
 * Options for `got.extend()`, of got 14.6 or later.
 *
 * Responses are annotated, see {@link verdictOf}, and got's own `HTTPError` has
 * a member `verdict`. With `throw`, the error of cfblock takes its place, with
 * the `HTTPError` as its `cause`.
 */
export function cfblockHooks(options?: GotOptions): GotExtension;

/** The verdict of a response that came through the hooks, of got's own error about one, or null. */
export function verdictOf(value: object): Verdict | null;
