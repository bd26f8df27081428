import type { Verdict } from '../lib/index.js';
import type { About, AdapterOptions } from './shared.js';

/** What is read of a response of axios. */
export interface AxiosResponseLike {
  readonly status: number;
  readonly headers: object;
  readonly data: unknown;
}

/** What is used of an instance of axios. */
export interface AxiosLike {
  readonly interceptors: {
    readonly response: {
      use(fulfilled: (response: any) => Promise<any>, rejected: (error: any) => Promise<never>): number;
      eject(id: number): void;
    };
  };
  getUri(config?: any): string;
}

/**
 * Adds an interceptor to an instance of axios; returns a function that removes it.
 *
 * Text, bytes and parsed JSON are classified with the body, streams and blobs
 * by their headers alone. With `throw`, the error of cfblock takes the place of
 * the response, or of the `AxiosError`, which becomes its `cause`.
 */
export function addCfblock(axios: AxiosLike, options?: AdapterOptions<About<AxiosResponseLike>>): () => void;

/** The verdict of a response that came through the interceptor, of axios' own error about one, or null. */
export function verdictOf(value: object): Verdict | null;
