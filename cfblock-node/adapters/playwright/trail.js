// The documents and requests of one page in order, and the challenges that its browser passes.

/**
 * Hands on the sights of one page in order. A sight is
 * `{ response, verdict, bodyLost, challengePassedAfterMs }`.
 *
 * A challenge in the main frame is held back: if the next document comes in
 * time from the same address and is the site's own, the challenge was passed,
 * and only that document is handed on. A challenge that follows a challenge
 * takes its place: however often the page reloads itself, it is one.
 */
export class PageTrail {
  #deliver;
  #challengeTimeout;
  #decided = Promise.resolve();
  #delivered = Promise.resolve();
  #undecided = 0;
  #challenge = null;
  #isEnded = false;

  /**
   * @param {number} challengeTimeout how long a challenge may take, in milliseconds
   * @param {(sight: object) => void} deliver must not throw
   */
  constructor(challengeTimeout, deliver) {
    this.#challengeTimeout = challengeTimeout;
    this.#deliver = deliver;
  }

  /**
   * Takes in the main frame's next document.
   *
   * @param {Promise<{ response, verdict, bodyLost } | null>} arrival null for what is no document in the end; must not reject
   * @returns {Promise<object | null>} the sight of this document, or of the one that took its place
   */
  addDocument(arrival) {
    const seenAt = performance.now();
    this.#undecided += 1;
    clearTimeout(this.#challenge?.timer);

    const sight = new Promise((settle) => {
      this.#decided = this.#decided.then(async () => {
        const arrived = await arrival;
        this.#undecided -= 1;
        if (arrived === null) settle(null);
        else this.#decide(arrived, { seenAt, settle, sight: () => sight });
        if (this.#challenge !== null && this.#undecided === 0) this.#awaitNextDocument();
      });
    });
    this.#enqueue(arrival, sight);
    return sight;
  }

  /** Takes in what a script of the page asked for. */
  addRequest(arrival) {
    this.#enqueue(
      arrival,
      arrival.then((arrived) => arrived && { ...arrived, challengePassedAfterMs: null }),
    );
  }

  /** Holds no challenge back from now on, and waits until everything is handed on. */
  async end() {
    this.#isEnded = true;
    if (this.#undecided === 0) this.#giveUpChallenge();
    await this.#decided;
    await this.#delivered;
  }

  #enqueue(arrival, sight) {
    this.#delivered = Promise.all([arrival, sight, this.#delivered]).then(([arrived, seen]) => {
      if (seen !== null && seen.response === arrived.response) this.#deliver(seen);
    });
  }

  #decide(arrived, { seenAt, settle, sight }) {
    const { response, verdict } = arrived;
    const isChallenge = verdict.class === 'challenge';
    const challenge = this.#challenge;
    const ends =
      challenge !== null &&
      (isChallenge || !verdict.intercepted) &&
      seenAt - challenge.since <= this.#challengeTimeout &&
      addressAsked(response) === challenge.address;

    if (ends) {
      challenge.settle(sight());
      this.#challenge = null;
    } else {
      this.#giveUpChallenge();
    }

    const since = ends ? challenge.since : seenAt;
    if (isChallenge) {
      this.#challenge = { arrived, settle, since, address: addressOf(response) };
    } else {
      settle({ ...arrived, challengePassedAfterMs: ends ? Math.round(seenAt - since) : null });
    }
  }

  #awaitNextDocument() {
    const left = this.#challenge.since + this.#challengeTimeout - performance.now();
    if (this.#isEnded || left <= 0) this.#giveUpChallenge();
    else this.#challenge.timer = setTimeout(() => this.#giveUpChallenge(), left);
  }

  #giveUpChallenge() {
    if (this.#challenge === null) return;
    const { arrived, settle, timer } = this.#challenge;
    this.#challenge = null;
    clearTimeout(timer);
    settle({ ...arrived, challengePassedAfterMs: null });
  }
}

/** Without the query: that of a challenge's answer differs. */
function addressOf(sent) {
  const { host, pathname } = new URL(sent.url());
  return host + pathname;
}

/** The address that was asked first: a site may redirect whom it lets in. */
function addressAsked(response) {
  let request = response.request();
  for (let from = request.redirectedFrom(); from; from = request.redirectedFrom()) request = from;
  return addressOf(request);
}
