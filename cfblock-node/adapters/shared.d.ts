import type { Class, Verdict } from '../lib/index.js';

/** Where a verdict comes from. */
export interface About<Response = unknown> {
  /** The address that answered, or null where it is not known. */
  readonly url: string | null;
  /** The response in the library's own form. */
  readonly response: Response;
}

/** What all adapters take. Without `throw` an adapter only annotates. */
export interface AdapterOptions<Where extends About = About, Told = void | Promise<void>> {
  /** Told of each verdict, those of the site's own answers included. What it throws fails the request. */
  onVerdict?: (verdict: Verdict, about: Where) => Told;
  /** Whether an intercepted response becomes an error: always, never (the default) or for these classes. */
  throw?: boolean | readonly Exclude<Class, 'passed'>[];
}
