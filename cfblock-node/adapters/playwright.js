// Playwright: verdicts of responses, pages and contexts.
export { gotoOrThrow } from './playwright/goto.js';
export { matchers } from './playwright/matchers.js';
export { classifyResponse } from './playwright/response.js';
export { watch } from './playwright/watch.js';
