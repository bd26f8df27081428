/**
 * cfblock for Playwright. The types fit Playwright's own by their structure; it
 * is no dependency.
 *
 * @packageDocumentation
 */
import type { BodyInput, Class, CloudflareError, Verdict } from '../lib/index.js';

/** A response of Playwright's request API, or what both kinds of response have. */
export interface ResponseLike {
  status(): number;
  url(): string;
  headers(): Record<string, string>;
  headersArray(): HeaderFields | Promise<HeaderFields>;
  body(): Promise<Uint8Array>;
}

type HeaderFields = ReadonlyArray<{ name: string; value: string }>;

/** A `Page` of Playwright. */
export interface PageLike {
  goto(url: string, options?: any): Promise<ResponseLike | null>;
  mainFrame(): unknown;
  on(event: 'response', listener: (response: any) => any): unknown;
  off(event: 'response', listener: (response: any) => any): unknown;
}

/** A `BrowserContext` of Playwright. */
export interface ContextLike {
  newPage(): Promise<PageLike>;
  pages(): PageLike[];
  on(event: 'response', listener: (response: any) => any): unknown;
  off(event: 'response', listener: (response: any) => any): unknown;
}

/** The pages of a context, or the page itself. */
export type PageOf<Target> = Target extends { newPage(): Promise<infer Page> } ? Page : Target;

/** The responses of a page, or of a context's pages. */
export type ResponseOf<Target> =
  PageOf<Target> extends { goto(url: string, options?: any): Promise<infer Response> } ? NonNullable<Response> : never;

export interface ClassifyOptions {
  /** The body, if the caller has read it, or null to leave it out; by default it is read where it may matter. */
  body?: BodyInput | undefined;
  /** When the response came; now by default. A number is milliseconds since 1970. */
  now?: Date | number | undefined;
  /** The address of the server that answered, as `response.serverAddr()` says it. Leave it out behind a proxy. */
  peerIp?: string | undefined;
  /** How long to wait for the browser to hand out the headers and the body, each; 5000 milliseconds by default. */
  readTimeout?: number | undefined;
}

/** Says whether Cloudflare answered in place of the site, why, and what to do next. */
export function classifyResponse(response: ResponseLike, options?: ClassifyOptions): Promise<Verdict>;

/** What answered a page. */
export interface Sight<Page, Response> {
  readonly verdict: Verdict;
  readonly response: Response;
  /** The page, or null for a request of a service worker's own and for a popup that never opened. */
  readonly page: Page;
  /** Whether the verdict had to do without a body that the browser no longer had, because the page went on. */
  readonly bodyLost: boolean;
  /** Milliseconds from the challenge to this document, if the browser passed one on the way. */
  readonly challengePassedAfterMs: number | null;
}

export interface WatchOptions<Target> {
  /** Called in the order in which the responses of a page came. */
  onVerdict(sight: Sight<PageOf<Target> | null, ResponseOf<Target>>): unknown;
  /** Called with what `onVerdict` throws or rejects with; a process warning by default. */
  onError?: ((error: unknown) => unknown) | undefined;
  /** Whether to report the documents of main frames; true by default. */
  documents?: boolean | undefined;
  /** Which requests of scripts to report; none by default, both kinds for true. */
  requests?: boolean | ReadonlyArray<'fetch' | 'xhr'> | undefined;
  /** How many milliseconds the browser may take to pass a challenge; 15000 by default, 0 for not to wait. */
  challengeTimeout?: number | undefined;
}

export interface Watch {
  /** Listens no more; resolves when what has come in is reported. */
  stop(): Promise<void>;
}

/** Reports what answered a page, or each page of a context, until it is stopped. */
export function watch<Target extends PageLike | ContextLike>(
  pageOrContext: Target,
  options: WatchOptions<Target>,
): Watch;

/** The options of `page.goto`, and what to do about a challenge. */
export type GotoOptions<Page extends PageLike> = NonNullable<Parameters<Page['goto']>[1]> & {
  /** How many milliseconds the browser may take to pass a challenge; 15000 by default, 0 for not to wait. */
  challengeTimeout?: number | undefined;
  /** Called when the browser has passed a challenge, before the response is returned. */
  onChallengePassed?: ((sight: Sight<Page, ResponseOf<Page>>) => unknown) | undefined;
};

/** What `gotoOrThrow` throws: an error of the verdict's class that knows the response and its address. */
export type InterceptedError<Response> = CloudflareError & {
  readonly url: string;
  readonly response: Response;
};

/**
 * Goes to an address as `page.goto` does, and throws the error of its class if
 * the document that comes is not the site's own.
 */
export function gotoOrThrow<Page extends PageLike>(
  page: Page,
  url: string,
  options?: GotoOptions<Page>,
): Promise<ResponseOf<Page> | null>;

export interface MatcherResult {
  name: string;
  pass: boolean;
  message(): string;
  expected?: unknown;
  actual?: unknown;
}

/**
 * For `expect.extend(matchers)` of Playwright Test. That `page.goto` gave no
 * response, as for about:blank, is a TypeError.
 */
export const matchers: {
  /** Cloudflare, or what the owner configured there, answered in place of the site. */
  toBeIntercepted(received: ResponseLike | Verdict | null): Promise<MatcherResult>;
  /** The response was intercepted, and its verdict has this class. */
  toBeInterceptedAs(
    received: ResponseLike | Verdict | null,
    expected: Exclude<Class, 'passed'>,
  ): Promise<MatcherResult>;
};
