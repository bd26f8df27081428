// What Playwright's events tell: which responses are documents, and whether they are the last word.
import { judge } from './response.js';

export const isPage = (value) => typeof value?.goto === 'function' && typeof value.mainFrame === 'function';

export const isContext = (value) => typeof value?.newPage === 'function' && typeof value.pages === 'function';

/** The frame of a request; null for a service worker's own, undefined while its page is not known. */
export function frameOf(request) {
  try {
    return request.frame();
  } catch {
    return request.serviceWorker?.() ? null : undefined;
  }
}

/** Whether a request is for the document of a page, not of a frame within. */
export function isForPage(request) {
  return request.isNavigationRequest() && (frameOf(request)?.parentFrame() ?? null) === null;
}

/** A response and its verdict; null for a redirect, which is the history of the response after it. */
export async function arrivalOf(response) {
  const judged = await judge(response);
  return response.request().redirectedTo() === null ? { response, ...judged } : null;
}

/**
 * The last redirect and its verdict if a chain of redirects ended without a
 * response, as when a script may not read the login page that it is sent to.
 */
export async function arrivalOfFailed(request) {
  if ((await request.response()) !== null) return null;
  const response = await request.redirectedFrom().response();
  return response && { response, ...(await judge(response)) };
}
