import type { ResponseInput, Verdict } from '../lib/index.js';
import type { About, AdapterOptions } from './shared.js';

/** What is read of a `Response`, of the platform's `fetch` or another's. */
export interface ResponseLike {
  readonly status: number;
  readonly url?: string;
  readonly headers: Iterable<[string, string]> & { get(name: string): string | null };
  readonly body: unknown;
  readonly bodyUsed: boolean;
  clone(): unknown;
}

/**
 * What the response does not tell: `body` where it was read already or is no
 * web stream, `url` where the response does not say it.
 */
export type ClassifyResponseOptions = Omit<ResponseInput, 'status' | 'headers'>;

/**
 * Classifies a response of `fetch`.
 *
 * Its body stays readable: at most the first 64 KiB of a copy are read, and
 * nothing of a body that cannot be a page, such as an image.
 */
export function classifyResponse(response: ResponseLike, options?: ClassifyResponseOptions): Promise<Verdict>;

/**
 * A function like `fetch` whose responses have verdicts, see {@link verdictOf}.
 *
 * It sends what `fetch` sends, and resolves when the start of the body is there.
 */
export function withCfblock<Arguments extends unknown[], Response extends ResponseLike>(
  fetch: (...request: Arguments) => Promise<Response>,
  options?: AdapterOptions<About<Response>>,
): (...request: Arguments) => Promise<Response>;

/** The verdict of a response that came through {@link withCfblock}, or null. */
export function verdictOf(response: object): Verdict | null;
