// The verdicts of one page in the order of its responses, and the challenges that its browser passes.

/**
 * Hands on the verdicts of one page in order.
 *
 * A challenge in the main frame is held back: if the next document of the same
 * host comes in time and is the site's own, the challenge was passed, and only
 * that document is handed on. A challenge that follows a challenge takes its
 * place: however often the page reloads itself, it is one.
 */
export class PageTrail {
  #deliver;
  #challengeTimeout;
  #decided = Promise.resolve();
  #delivered = Promise.resolve();
  #undecidedDocuments = 0;
  #challenge = null;
  #isEnded = false;

  /**
   * @param {(sight: object) => void} deliver must not throw
   * @param {number} challengeTimeout how long a challenge may take, in milliseconds
   */
  constructor(deliver, challengeTimeout) {
    this.#deliver = deliver;
    this.#challengeTimeout = challengeTimeout;
  }

  /** A response of which the page shows the body in its main frame. */
  addDocument(response, classification) {
    const seenAt = performance.now();
    this.#undecidedDocuments += 1;
    clearTimeout(this.#challenge?.timer);
    this.#enqueue(
      new Promise((settle) => {
        this.#decided = this.#decided.then(async () => {
          const verdict = await classification;
          this.#undecidedDocuments -= 1;
          this.#decide({ response, verdict, seenAt, settle });
        });
      }),
    );
  }

  /** A response that a script of the page asked for. */
  addRequest(response, classification) {
    this.#enqueue(
      classification.then((verdict) => verdict && { response, verdict, challengePassedAfterMs: null, covers: [response] }),
    );
  }

  /** Holds no challenge back from now on, and waits until everything is handed on. */
  async end() {
    this.#isEnded = true;
    this.#giveUpChallenge();
    await this.#decided;
    await this.#delivered;
  }

  #enqueue(sight) {
    this.#delivered = Promise.all([sight, this.#delivered]).then(([ready]) => {
      if (ready) this.#deliver(ready);
    });
  }

  #decide(document) {
    const { response, verdict, seenAt, settle } = document;
    if (verdict === null) {
      settle(null);
      if (this.#undecidedDocuments === 0) this.#startTimer();
      return;
    }

    const challenge = this.#challenge;
    const follows = challenge !== null && this.#follows(challenge, document);
    const isChallenge = verdict.class === 'challenge';
    const answers = follows && (isChallenge || !verdict.intercepted);
    if (answers) challenge.settle(null);
    else this.#giveUpChallenge();
    this.#challenge = null;

    const covers = answers ? [...challenge.covers, response] : [response];
    if (isChallenge) {
      const since = answers ? challenge.since : seenAt;
      this.#challenge = { response, verdict, covers, settle, since, host: hostOf(response), timer: undefined };
      if (this.#isEnded) this.#giveUpChallenge();
      else if (this.#undecidedDocuments === 0) this.#startTimer();
      return;
    }
    const challengePassedAfterMs = answers ? Math.round(seenAt - challenge.since) : null;
    settle({ response, verdict, challengePassedAfterMs, covers });
  }

  #follows(challenge, { response, seenAt }) {
    return seenAt - challenge.since <= this.#challengeTimeout && firstHostOf(response) === challenge.host;
  }

  #startTimer() {
    if (this.#challenge === null) return;
    const left = this.#challenge.since + this.#challengeTimeout - performance.now();
    if (left <= 0) this.#giveUpChallenge();
    else this.#challenge.timer = setTimeout(() => this.#giveUpChallenge(), left);
  }

  #giveUpChallenge() {
    if (this.#challenge === null) return;
    const { response, verdict, covers, settle, timer } = this.#challenge;
    this.#challenge = null;
    clearTimeout(timer);
    settle({ response, verdict, challengePassedAfterMs: null, covers });
  }
}

const hostOf = (sent) => new URL(sent.url()).host;

/** The host that was asked first: a site may redirect whom it lets in. */
function firstHostOf(response) {
  let request = response.request();
  for (let from = request.redirectedFrom(); from; from = request.redirectedFrom()) request = from;
  return hostOf(request);
}
