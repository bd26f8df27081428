import type { PolicyLike, Verdict } from '../lib/index.js';
import type { About, AdapterOptions } from './shared.js';

/** What is read of a request of Crawlee. */
export interface CrawleeRequest {
  readonly url: string;
  readonly retryCount: number;
}

/** Where a verdict in a crawl comes from. */
export interface CrawleeAbout extends About {
  /** Crawlee's crawling context. */
  readonly context: { readonly request: CrawleeRequest };
}

/** Crawlee's classes of errors, as the packages `crawlee` and `@crawlee/core` export them. */
export interface CrawleeErrors {
  readonly SessionError: new (message?: string) => Error;
  readonly NonRetryableError: new (message?: string) => Error;
}

export interface CrawleeOptions extends Pick<AdapterOptions<CrawleeAbout>, 'onVerdict'> {
  /**
   * The module `crawlee` or `@crawlee/core`: follows advice by its errors.
   *
   * Without it, responses are only annotated, and the crawler sends what it
   * would send anyway.
   */
  actWith?: CrawleeErrors;
  /** What may be done: `full` (the default) may rotate sessions, `cooperative` never does. */
  policy?: PolicyLike;
  /**
   * The longest wait in seconds, 3600 by default, as long as the longest that
   * the catalogue asks for. Where an answer asks for more, its request fails
   * and says so; the others to the host stay in the queue until the time is over.
   */
  maxWait?: number;
}

/** What Crawlee's HTTP and browser crawlers take. */
export interface CrawleeHooks {
  preNavigationHooks?: ((context: any) => Promise<void>)[];
  postNavigationHooks: ((context: any) => Promise<void>)[];
  sessionPoolOptions?: { blockedStatusCodes: number[] };
}

/**
 * Options for Crawlee's crawlers, of Crawlee 3.
 *
 * Responses are annotated, see {@link verdictOf}. With `actWith`,
 *
 * - a rate limit, a queue or a failure of the edge is waited for, and holds
 *   back what else would be sent to the host; the session is not to blame;
 * - a session is rotated only where that is advised and the policy allows it;
 * - what would fail again fails at once;
 * - the site's own answers below 500, a 403 among them, go to the request
 *   handler; the site's own 5xx are retried by Crawlee's HTTP crawlers themselves.
 */
export function cfblockHooks(options?: CrawleeOptions): CrawleeHooks;

/** The latest verdict about a request of Crawlee, or null. */
export function verdictOf(request: object): Verdict | null;
