// What TypeScript must accept, and what it must refuse.
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import {
  BlockedError,
  type Class,
  CloudflareError,
  classify,
  diagnose,
  Monitor,
  Policy,
  RateLimitedError,
  Tally,
  throwIfIntercepted,
  triage,
  Verdict,
} from 'cfblock';

const verdict: Verdict = classify({ status: 403, headers: new Headers(), body: await readFile('page') });
const known: Class = verdict.class;
const code: number | null = verdict.errorCode;
const isKnown: boolean = known === 'rate_limited' && code !== null;

declare const message: IncomingMessage;
classify({ status: message.statusCode, headers: message.headers, body: null });
classify({ headers: message.rawHeaders });
classify({ headers: [['server', 'cloudflare']], now: new Date(), history: [{ status: 302, location: '/' }] });
classify({ headers: { 'set-cookie': ['a', 'b'] }, body: new ArrayBuffer(1), peerIp: null, truncated: true });

classify({ url: new URL('https://shop.example/') });
// @ts-expect-error a verdict is no response
classify(verdict);
// @ts-expect-error a record is no response
classify(verdict.toJSON());
throwIfIntercepted(verdict.toJSON());
// @ts-expect-error a status is a number
classify({ status: '403' });
// @ts-expect-error headers may be left out, but are not null
classify({ headers: null });
// @ts-expect-error a body is no promise
classify({ body: readFile('page') });
// @ts-expect-error a misspelt class
verdict.class === 'waf_blok';
// @ts-expect-error a misspelt member
verdict.errorcode;
// @ts-expect-error verdicts are made by classify
new Verdict();
// @ts-expect-error verdicts are immutable
verdict.class = 'passed';

const next = triage(verdict, { policy: Policy.cooperative, attempt: 2, tried: ['wait', ...verdict.steps] });
const wait: number | null | undefined = next.steps[0]?.wait;
// @ts-expect-error a misspelt action
verdict.triage({ tried: ['wiat'] });
// @ts-expect-error no such policy
verdict.triage({ policy: 'gentle' });

const diagnosis = diagnose([{ verdict, vantage: { network: 'datacenter', tlsFingerprint: 'x' } }]);
const varied = diagnosis.nextProbe?.vary?.tlsFingerprint;
new Monitor({ objectiveS: 30 }).diagnosed('pipeline', 'shop.example', 'rate_limited', diagnosis, Date.now());
new Tally().add('worker', 'pipeline', 'shop.example', verdict);

try {
  throwIfIntercepted(verdict);
} catch (error) {
  if (error instanceof RateLimitedError) error.retryAfter satisfies number | null;
  if (error instanceof BlockedError) error.code satisfies `CFBLOCK_${string}`;
  if (error instanceof CloudflareError) error.verdict satisfies Verdict;
}

export { isKnown, varied, wait };
