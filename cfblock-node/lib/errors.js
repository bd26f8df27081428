// Intercepted responses as errors: one class of error for each class of verdict.
import { invalidType } from './arguments.js';
import { verdictFor } from './classify.js';
import { Verdict } from './verdict.js';

/** Cloudflare, or what the owner configured there, answered in place of the site. */
export class CloudflareError extends Error {
  constructor(verdict, options) {
    super(String(verdict), options);
    this.verdict = verdict;
    this.code = `CFBLOCK_${verdict.class.toUpperCase()}`;
  }

  get errorCode() {
    return this.verdict.errorCode;
  }

  get reason() {
    return this.verdict.reason;
  }

  get action() {
    return this.verdict.action;
  }

  get retryAfter() {
    return this.verdict.retryAfter;
  }

  get rayId() {
    return this.verdict.rayId;
  }
}

/** The answer refuses *you*; others may get through. */
export class BlockedError extends CloudflareError {}

export class ChallengeError extends BlockedError {}
export class AccessDeniedError extends BlockedError {}
export class RateLimitedError extends BlockedError {}
export class WaitingRoomError extends BlockedError {}
export class PaymentRequiredError extends BlockedError {}
export class SignInRequiredError extends BlockedError {}
export class LegalBlockError extends BlockedError {}
export class PhishingWarningError extends BlockedError {}
export class BadRequestError extends CloudflareError {}
export class SiteMisconfiguredError extends CloudflareError {}
export class OriginFailedError extends CloudflareError {}
export class EdgeFailedError extends CloudflareError {}
export class ProxyFailedError extends CloudflareError {}

const ERRORS = {
  challenge: ChallengeError,
  access_denied: AccessDeniedError,
  rate_limited: RateLimitedError,
  waiting_room: WaitingRoomError,
  payment_required: PaymentRequiredError,
  sign_in_required: SignInRequiredError,
  legal_block: LegalBlockError,
  phishing_warning: PhishingWarningError,
  bad_request: BadRequestError,
  site_misconfigured: SiteMisconfiguredError,
  origin_failed: OriginFailedError,
  edge_failed: EdgeFailedError,
  proxy_failed: ProxyFailedError,
};

for (const type of [CloudflareError, BlockedError, ...Object.values(ERRORS)]) {
  Object.defineProperty(type.prototype, 'name', { value: type.name, configurable: true, writable: true });
}

/** The error of an intercepted response, or null if the site itself answered. */
export function errorFor(verdict, options) {
  if (!(verdict instanceof Verdict)) throw invalidType('verdict', 'a Verdict', verdict);
  if (!verdict.intercepted) return null;
  return new (ERRORS[verdict.class] ?? CloudflareError)(verdict, options);
}

/** Throws the error of its class if a response was intercepted; returns the verdict otherwise. */
export function throwIfIntercepted(response, options) {
  const verdict = verdictFor(response);
  const error = errorFor(verdict, options);
  if (error !== null) throw error;
  return verdict;
}
