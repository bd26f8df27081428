/**
 * Tells whether the site answered, or Cloudflare in front of it.
 *
 * @packageDocumentation
 */
import type {
  Action,
  Attribute,
  Audience,
  ChallengeType,
  Change,
  Failure,
  Held,
  Class,
  Classification,
  Confidence,
  EventKind,
  Network,
  Party,
  Phase,
  Place,
  Producer,
  Provenance,
  ReachedOrigin,
  SiteState,
  Recovery,
  Scope,
  Signal,
} from './words.js';

export type * from './words.js';

/** Header fields: repeated names as several pairs, or as an array of values. */
export type HeadersInput =
  | Iterable<readonly [string, string]>
  | readonly string[]
  | Readonly<Record<string, string | readonly string[] | number | undefined>>;

export type BodyInput = Uint8Array | ArrayBuffer | string | null;

/** One redirect that was followed. */
export interface Hop {
  status?: number | null;
  location?: string | null;
}

/** The parts of a response, as far as the caller has them. */
export interface ResponseInput {
  /** The HTTP status, from 0 to 65535. */
  status?: number | null;
  /** A `Headers` object, pairs, Node's `rawHeaders`, or an object. */
  headers?: HeadersInput;
  /** The bytes are not copied, and not kept. */
  body?: BodyInput;
  /** The address that was asked, or on which a chain of redirects ended. */
  url?: string | URL | null;
  /** The redirects before this response, the first one first. */
  history?: readonly Hop[];
  /** The address of the server that answered. */
  peerIp?: string | null;
  /** When the response came; a number is milliseconds since 1970. */
  now?: Date | number | null;
  /** Whether reading the body stopped before its end. */
  truncated?: boolean;
  /** A verdict or its record is no response. */
  class?: never;
  /** A verdict or its record is no response. */
  intercepted?: never;
}

/** One step of advice. */
export interface Step {
  readonly action: Action;
  readonly why: string;
  /** Seconds. */
  readonly wait: number | null;
  readonly change: readonly Change[];
}

/** One cause; likelihood 1 is the likeliest. */
export interface Cause {
  readonly cause: string;
  readonly likelihood: number;
}

/** One thing that a verdict rests on. */
export interface Evidence {
  readonly signal: Signal;
  readonly where: Place;
  /** The byte in the body, or the number of the hop. */
  readonly at: number | null;
}

/** What a relay quotes of an answer that it got from Cloudflare. */
export interface UpstreamRecord {
  class: Class;
  reason: string | null;
  error_code: number | null;
  confidence: Confidence;
  status: number | null;
  ray_id: string | null;
  retry_after: number | null;
  evidence: Evidence[];
}

/** What a relay quotes of an answer that it got from Cloudflare, with JavaScript's names. */
export interface Upstream {
  readonly class: Class;
  readonly reason: string | null;
  readonly errorCode: number | null;
  readonly confidence: Confidence;
  readonly status: number | null;
  readonly rayId: string | null;
  readonly retryAfter: number | null;
  readonly evidence: readonly Evidence[];
}

/** The record of a verdict, with the names that it has in every language. */
export interface VerdictRecord {
  class: Class;
  intercepted: boolean;
  blocked: boolean;
  reason: string | null;
  error_code: number | null;
  challenge_type: ChallengeType | null;
  confidence: Confidence;
  producer: Producer;
  provenance: Provenance;
  preview: boolean;
  reached_origin: ReachedOrigin;
  site: SiteState;
  upstream: UpstreamRecord | null;
  status: number | null;
  ray_id: string | null;
  colo: string | null;
  client_ip: string | null;
  country: string | null;
  host: string | null;
  timestamp: string | null;
  error_name: string | null;
  error_category: string | null;
  retryable: boolean | null;
  retry_after: number | null;
  owner_action_required: boolean | null;
  price: string | null;
  party: Party | null;
  action: Action;
  steps: Step[];
  causes: Cause[];
  evidence: Evidence[];
  docs_url: string | null;
}

/** What one response says: who answered, why, and what is known about it. Immutable. */
export class Verdict {
  private constructor();

  /** The verdict of a record or its JSON, of which only the known facts are needed. */
  static from(record: Partial<VerdictRecord> | string): Verdict;

  /** What stands in the way. */
  get class(): Class;
  /** Whether the edge, or what the owner configured there, answered in place of the content. */
  get intercepted(): boolean;
  /** Whether the answer refuses *you*, rather than failing for everybody. */
  get blocked(): boolean;
  /** One word for the code or page kind. */
  get reason(): string | null;
  /** The error number, where one is stated. */
  get errorCode(): number | null;
  /** The kind of challenge. */
  get challengeType(): ChallengeType | null;
  /** How far the verdict can be relied on. */
  get confidence(): Confidence;
  /** Who wrote the body. */
  get producer(): Producer;
  /** Whether the answer came from Cloudflare's network. */
  get provenance(): Provenance;
  /** Whether the address is a preview page under /cdn-cgi/error/. */
  get preview(): boolean;
  /** Whether the site's own server can have received the request. */
  get reachedOrigin(): ReachedOrigin;
  /** What the answer says about the site for everybody else. */
  get site(): SiteState;
  /** An answer of Cloudflare's that this one quotes: what a relay met behind itself. */
  get upstream(): Upstream | null;
  /** Whether a request with this method can be sent again without doing its work twice. */
  safeToRepeat(method: string): boolean;
  /** The HTTP status. */
  get status(): number | null;
  /** The Ray ID, without the data centre. */
  get rayId(): string | null;
  /** The Cloudflare data centre that answered. */
  get colo(): string | null;
  /** Your address, as the page shows it. */
  get clientIp(): string | null;
  /** Your country, as the page shows it. */
  get country(): string | null;
  /** The host that was asked, for intercepted responses. */
  get host(): string | null;
  /** When the page was made, in UTC (RFC 3339). */
  get timestamp(): string | null;
  /** Cloudflare's name for the error, where a structured error states it. */
  get errorName(): string | null;
  /** Cloudflare's category of the error, where a structured error states it. */
  get errorCategory(): string | null;
  /** Whether the same request may succeed later. */
  get retryable(): boolean | null;
  /** The stated wait in seconds. */
  get retryAfter(): number | null;
  /** Whether the owner has to act, where a structured error states it. */
  get ownerActionRequired(): boolean | null;
  /** The price that the site asks of crawlers, such as `USD 0.01`. */
  get price(): string | null;
  /** Who can change it. */
  get party(): Party | null;
  /** The first step. */
  get action(): Action;
  /** What to do, the first step first. */
  get steps(): readonly Step[];
  /** What leads to it, the likeliest first. */
  get causes(): readonly Cause[];
  /** What the verdict rests on. */
  get evidence(): readonly Evidence[];
  /** Where Cloudflare documents it. */
  get docsUrl(): string | null;

  /** The next steps, as the policy allows and the context suggests. */
  triage(options?: TriageOptions): Triage;
  /** Whether another verdict says the same. */
  equals(other: unknown): boolean;
  /** One line: the class, the number and the title. */
  toString(): string;
  /** The record, with the names that it has in every language. */
  toJSON(): VerdictRecord;
}

/**
 * Says whether Cloudflare answered in place of the site, why, and what to do next.
 *
 * @throws TypeError if a member has a wrong type, with the code `ERR_INVALID_ARG_TYPE`.
 * @throws RangeError if a number is out of its range, with the code `ERR_OUT_OF_RANGE`.
 */
export function classify(response: ResponseInput): Verdict;

/** Classifies many responses; an error names the first wrong one by its place. */
export function classifyMany(responses: Iterable<ResponseInput>): Verdict[];

/** The members of a policy; times are seconds. */
export interface PolicyMembers {
  base?: 'full' | 'cooperative';
  exclude?: readonly Action[];
  changes?: readonly Change[];
  maxWait?: number;
  maxAttempts?: number;
  /** How long to stay in a waiting room, in seconds, over all its refreshes. */
  maxQueue?: number;
}

/** What the caller is willing to do, and how long. */
export class Policy {
  /** Everything may be advised. */
  static readonly full: Policy;
  /** Never a change of identity: wait, slow down, pause, contact the owner, stop. */
  static readonly cooperative: Policy;

  constructor(members?: PolicyMembers);

  readonly exclude: readonly Action[];
  readonly changes: readonly Change[];
  readonly maxWait: number;
  readonly maxAttempts: number;
  readonly maxQueue: number;
}

export type PolicyLike = Policy | PolicyMembers | 'full' | 'cooperative';

export interface TriageOptions {
  policy?: PolicyLike | null;
  /** The number of this attempt, from 1. */
  attempt?: number;
  /** What was tried already: actions, or steps as they were advised. */
  tried?: readonly (Action | { action: Action; change?: readonly Change[] })[];
  /** Whether other requests to this host succeed. */
  othersSucceed?: boolean | null;
  /** The request's method; `GET` by default. */
  method?: string;
  /** Your word that the request can be sent again whatever its method. */
  repeatable?: boolean;
}

/** For how many seconds nothing may be sent, and to what. */
export interface Pause {
  whom: Held;
  seconds: number;
}

/** What comes next for a request. */
export interface Next {
  /**
   * `send_again`: send this request after `seconds`. `hold`: send nothing to the request, host or site that `whom`
   * names for `seconds`, then this request. `act`: do the `step`, one of those in `can`, then send. `end`: give the
   * answer to the caller.
   */
  next: 'send_again' | 'hold' | 'act' | 'end';
  /** Null unless the request is sent again. */
  seconds: number | null;
  whom: Held | null;
  step: Advice;
  /** With `end`: what may not be sent for a while all the same. */
  hold: Pause | null;
}

export interface CourseOptions {
  policy?: PolicyLike | null;
  /** The request's method; `GET` by default. */
  method?: string;
  /** Your word that the request can be sent again whatever its method: it is idempotent or carries a key. */
  repeatable?: boolean;
  /** What you can do by yourself besides waiting, such as `change_identity`. */
  can?: readonly Action[];
  /** How often the request was sent before the first answer that you ask about, if your framework counts. */
  sent?: number;
}

/** The way of one request: what was advised for it so far, and what comes next. It neither waits nor sends. */
export class Course {
  constructor(options?: CourseOptions);
  /** The course whose `toJSON()` was stored. */
  static from(state: object | string): Course;
  /** What comes next, after a verdict or, where there was no answer, after a failure. */
  next(
    outcome: Verdict | VerdictRecord | Failure,
    options?: {
      /** Whether other requests to this host succeed meanwhile. */
      othersSucceed?: boolean | null;
      /** A number from 0 to 1 by which pauses are drawn; by default `Math.random()`. */
      random?: number;
    },
  ): Next;
  /** How often the request was sent so far; refreshes of a queue do not count. */
  get attempts(): number;
  toJSON(): object;
}

/** Whether a body could change what status and headers say: most answers need none. */
export function needsBody(response: { status?: number | null; headers?: HeadersInput | null }): boolean;

/** How to space repeated attempts; times in seconds. */
export interface Backoff {
  floor: number;
  base: number;
  factor: number;
  cap: number;
  jitter: string;
  maxAttempts: number;
}

/** One step of a triage. */
export interface Advice extends Step {
  readonly backoff: Backoff | null;
}

/** The next steps, with their reasons. */
export interface Triage {
  action: Action;
  /** The cheapest and most cooperative step first. */
  steps: Advice[];
  causes: Cause[];
  /** The advice in words. */
  audience: Record<Audience, string>;
  /** Whether everything that the policy allows was tried. */
  exhausted: boolean;
  /** Whether no further request follows. */
  isFinal: boolean;
}

/** The next steps for a verdict, or for its record. */
export function triage(verdict: Verdict | Partial<VerdictRecord>, options?: TriageOptions): Triage;

/** A value that is compared and handed back, never interpreted. */
export type Opaque = string | number | boolean;

/** From where a request was sent, and as whom. */
export interface Vantage {
  network?: Network | null;
  asn?: Opaque | null;
  country?: Opaque | null;
  ip?: Opaque | null;
  tlsFingerprint?: Opaque | null;
  userAgent?: Opaque | null;
  httpVersion?: Opaque | null;
  browser?: boolean | null;
  session?: Opaque | null;
  /** Requests a second. */
  rate?: number | null;
}

/** A verdict with its vantage; the parts of a response may stand in place of the verdict. */
export interface Observation extends ResponseInput {
  id?: Opaque;
  verdict?: Verdict | Partial<VerdictRecord>;
  vantage?: Vantage;
  /** A number is milliseconds since 1970. */
  time?: Date | number;
}

/** A probe that could still be made. */
export interface Candidate {
  id: Opaque;
  vantage: Vantage;
  url?: string;
}

/** The next probe: a candidate by its id, or what to vary of the vantage that failed. */
export interface NextProbe {
  id?: Opaque;
  vary?: { [attribute in CamelCase<Attribute>]?: Opaque };
  why: string;
}

type CamelCase<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** One thing that it could be. */
export interface Hypothesis {
  scope: Scope;
  value: Opaque | null;
  probability: number;
}

/** Whom a fault hits, what it is, what to do, and what to look at next. */
export class Diagnosis {
  private constructor();

  readonly scope: Scope;
  /** The value of the attribute that the scope turns on. */
  readonly value: Opaque | null;
  readonly probability: number;
  readonly classification: Classification;
  readonly action: Action;
  /** What to change; all of it together. */
  readonly change: readonly Change[];
  readonly nextProbe: NextProbe | null;
  /** The ids of the observations that decided it. */
  readonly decidedBy: readonly Opaque[];
  readonly hypotheses: readonly Hypothesis[];

  /** The record, with the names that it has in every language. */
  toJSON(): Record<string, unknown>;
}

/** Says whom a fault hits, from what several vantages saw of one host. */
export function diagnose(
  observations: Iterable<Observation>,
  options?: { candidates?: Iterable<Candidate>; policy?: PolicyLike | null },
): Diagnosis;

/** The settings of a monitor; see docs/monitor.md. */
export interface MonitorOptions {
  responsesPerFalseAlarm?: number;
  baselineResponses?: number;
  objectiveS?: number;
  giveUpS?: number;
  maxHosts?: number;
  maxIncidents?: number;
  hashSeed?: number;
}

/** One report of a monitor; times are RFC 3339. */
export interface MonitorEvent {
  event: EventKind;
  pipelineId: string;
  host: string;
  class: Class;
  errorCode: number | null;
  time: string;
  openedAt: string;
  responses: number;
  probes: number;
  classification: Classification | null;
  action: Action | null;
  recovery: Recovery | null;
  /** Seconds. */
  timings: {
    detectS: number;
    actS: number | null;
    recoverS: number | null;
    objectiveMet: boolean | null;
  };
}

/** An open incident. */
export interface Incident {
  pipelineId: string;
  host: string;
  class: Class;
  errorCode: number | null;
  phase: Phase;
  beganAt: string;
  openedAt: string;
  latest: string;
  actedAt: string | null;
  responses: number;
  probes: number;
  classification: Classification | null;
  action: Action | null;
}

/** What has happened in a monitor so far. */
export interface Counters {
  responses: number;
  late: number;
  hosts: number;
  hostsLeft: number;
  open: number;
  opened: number;
  recovered: number;
  givenUp: number;
}

/** Watches streams of verdicts, by pipeline and host. A time is a Date, or milliseconds since 1970. */
export class Monitor {
  constructor(options?: MonitorOptions);

  /** Goes on where a saved monitor stopped. */
  static restore(state: string): Monitor;

  /** Takes one response of a pipeline into account: a verdict, or a class with its error code. */
  observe(
    pipeline: string,
    host: string,
    answer: Verdict | Class,
    time: Date | number,
    errorCode?: number | null,
  ): MonitorEvent[];
  /** Takes in that a probe was made for an incident; whether it is open. */
  probed(pipeline: string, host: string, className: Class, time: Date | number): boolean;
  /** Takes in what a diagnosis says about an incident; null where it is not open. */
  diagnosed(
    pipeline: string,
    host: string,
    className: Class,
    diagnosis: Diagnosis,
    time: Date | number,
  ): MonitorEvent | null;
  /** Takes in what was done about an incident; whether it is open. */
  acted(
    pipeline: string,
    host: string,
    className: Class,
    action: Action,
    time: Date | number,
  ): boolean;
  /** Gives up what has lasted too long. Call it now and then. */
  tick(time: Date | number): MonitorEvent[];
  /** The open incidents. */
  incidents(): Incident[];
  /** The share of responses that counts as normal, for a class that occurred at a host. */
  baseline(pipeline: string, host: string, className: Class): number | null;
  /** What has happened so far. */
  counters(): Counters;
  /** Everything it knows, as JSON to be stored. */
  save(): string;
}

/** One line of a tally. */
export interface TallyRow {
  pipelineId: string;
  host: string;
  class: Class;
  errorCode: number | null;
  responses: number;
}

/** Counts of responses that many workers make and that can be put together in any order. */
export class Tally {
  constructor();

  /** Goes on where a saved tally stopped. */
  static restore(state: string): Tally;

  /** Counts one response, for a part that nobody else counts for. */
  add(
    part: string,
    pipeline: string,
    host: string,
    answer: Verdict | Class,
    errorCode?: number | null,
  ): void;
  /** Takes in what another tally knows; twice is the same as once. */
  merge(other: Tally): void;
  /** The sums by pipeline, host, class and error code. */
  rows(): TallyRow[];
  /** Everything it knows, as JSON to be stored or sent. */
  save(): string;
}

/** Everything known about one error code or page kind. */
export interface Entry {
  reason: string;
  code: number | null;
  title: string;
  explanation: string;
  class: Class;
  classNote: string | null;
  party: Party;
  httpStatus: number[];
  retryable: boolean;
  /** Seconds. */
  retryAfter: number | null;
  causes: string[];
  client: Step[];
  owner: string[];
  docsUrl: string;
  checked: string;
  retired: boolean;
}

/**
 * What a code, a reason, an action or another word of a verdict means, in words.
 *
 * @throws TypeError if there is no such word; the message says what is close to it.
 */
export function explain(word: string | number): string;

/** Everything known about each error code and page kind. */
export function codes(): Entry[];

/** What the sender of a request tells the site's owner. */
export interface TicketDetails {
  method?: string;
  /** The query stays out of the message. */
  url?: string;
  time?: Date | number;
  purpose?: string;
  contact?: string;
  userAgent?: string;
  requestsPerMinute?: number;
}

/** A short message to the site's owner, with a subject in its first line. */
export function ticket(verdict: Verdict | Partial<VerdictRecord>, details?: TicketDetails): string;

/** The closed sets of words, each in the order of its declaration. */
export const words: Readonly<Record<string, readonly string[]>>;

/** The version of the package. */
export const version: string;

/** Cloudflare, or what the owner configured there, answered in place of the site. */
export class CloudflareError extends Error {
  constructor(verdict: Verdict, options?: ErrorOptions);
  readonly verdict: Verdict;
  /** The address that answered, on errors that adapters throw; null where it is not known. */
  readonly url?: string | null;
  /** The response in the library's own form, on errors that adapters throw. */
  readonly response?: unknown;
  /** `CFBLOCK_` and the class, such as `CFBLOCK_RATE_LIMITED`. */
  readonly code: `CFBLOCK_${Uppercase<Class>}`;
  get errorCode(): number | null;
  get reason(): string | null;
  get action(): Action;
  /** The stated wait in seconds. */
  get retryAfter(): number | null;
  get rayId(): string | null;
}

/** The answer refuses *you*; others may get through. */
export class BlockedError extends CloudflareError {}
/** Prove that you are a browser or a person. */
export class ChallengeError extends BlockedError {}
/** A security rule of the site refuses you. */
export class AccessDeniedError extends BlockedError {}
/** Slower, please; `retryAfter` is the stated wait in seconds. */
export class RateLimitedError extends BlockedError {}
/** You are in a queue. */
export class WaitingRoomError extends BlockedError {}
/** The site asks crawlers to pay. */
export class PaymentRequiredError extends BlockedError {}
/** Cloudflare Access asks you to sign in. */
export class SignInRequiredError extends BlockedError {}
/** The content is withheld for legal reasons. */
export class LegalBlockError extends BlockedError {}
/** Cloudflare warns of the page in its place. */
export class PhishingWarningError extends BlockedError {}
/** The edge refuses the form of the request. */
export class BadRequestError extends CloudflareError {}
/** The owner's DNS, zone, Worker, snippet or quota is at fault. */
export class SiteMisconfiguredError extends CloudflareError {}
/** The edge could not get an answer from the origin. */
export class OriginFailedError extends CloudflareError {}
/** Cloudflare itself failed. */
export class EdgeFailedError extends CloudflareError {}
export class ProxyFailedError extends CloudflareError {}

/** The error of an intercepted response, or null if the site itself answered. */
export function errorFor(verdict: Verdict, options?: ErrorOptions): CloudflareError | null;

/** Throws the error of its class if a response was intercepted; returns the verdict otherwise. */
export function throwIfIntercepted(
  response: Verdict | Partial<VerdictRecord> | ResponseInput,
  options?: ErrorOptions,
): Verdict;
