// Matchers for the `expect` of Playwright Test.
import { invalidValue } from '../../lib/arguments.js';
import { Verdict, words } from '../../lib/verdict.js';
import { checkResponse, classifyResponse } from './response.js';

const INTERCEPTED = words.Class.filter((name) => name !== 'passed');

/** For `expect.extend(matchers)`. */
export const matchers = {
  /** Cloudflare, or what the owner configured there, answered in place of the site. */
  async toBeIntercepted(received) {
    const { verdict, url } = await judge(received);
    return {
      name: 'toBeIntercepted',
      pass: verdict.intercepted,
      message: () => [call(this, 'toBeIntercepted()'), '', ...describe(verdict, url)].join('\n'),
    };
  },

  /** The response was intercepted, and its verdict has this class. */
  async toBeInterceptedAs(received, expected) {
    if (!INTERCEPTED.includes(expected)) {
      throw invalidValue(`The expected class must be one of ${INTERCEPTED.join(', ')}. Received ${String(expected)}`);
    }
    const { verdict, url } = await judge(received);
    return {
      name: 'toBeInterceptedAs',
      pass: verdict.class === expected,
      expected,
      actual: verdict.class,
      message: () => [call(this, `toBeInterceptedAs('${expected}')`), '', ...describe(verdict, url)].join('\n'),
    };
  },
};

async function judge(received) {
  if (received instanceof Verdict) return { verdict: received, url: null };
  checkResponse('received', received);
  return { verdict: await classifyResponse(received), url: received.url() };
}

const call = (state, matcher) => `expect(response)${state?.isNot ? '.not' : ''}.${matcher}`;

function describe(verdict, url) {
  const [step] = verdict.steps;
  const lines = [
    ['Received', String(verdict)],
    ['URL', url],
    ['Status', verdict.status],
    ['Ray ID', verdict.rayId],
    ['Retry after', verdict.retryAfter === null ? null : `${verdict.retryAfter} s`],
    ['Next step', verdict.intercepted && step ? `${step.action}: ${step.why}` : null],
  ];
  return lines.filter(([, value]) => value !== null).map(([name, value]) => `${name}: ${value}`);
}
