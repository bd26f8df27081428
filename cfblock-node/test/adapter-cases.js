// What the edge server answers, and what every adapter has to say about it.

/** Paths of the edge server with the class and the number of the answer. */
export const ANSWERS = [
  { path: '/ok', class: 'passed' },
  { path: '/blocked-1020', class: 'access_denied', errorCode: 1020 },
  { path: '/limited', class: 'rate_limited', errorCode: 1015 },
  { path: '/challenge', class: 'challenge' },
  { path: '/queue', class: 'waiting_room' },
  { path: '/null-route', class: 'site_misconfigured', errorCode: 1002 },
  { path: '/origin-403', class: 'passed' },
  { path: '/origin-503', class: 'passed' },
  { path: '/gzip-block', class: 'access_denied', errorCode: 1020 },
  { path: '/br-block', class: 'access_denied', errorCode: 1020 },
  { path: '/about-1020', class: 'passed' },
].map((answer) => ({ errorCode: null, ...answer }));

/** The members of a verdict that `ANSWERS` names. */
export const seen = (path, verdict) => ({ path, class: verdict.class, errorCode: verdict.errorCode });
