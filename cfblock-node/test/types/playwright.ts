// Playwright's own types fit those that the adapter asks for, and come back out of it.
import { expect as baseExpect } from '@playwright/test';
import type { APIResponse, BrowserContext, Page, Response } from 'playwright-core';
import { RateLimitedError, type Verdict } from 'cfblock';
import { classifyResponse, gotoOrThrow, type InterceptedError, matchers, watch } from 'cfblock/playwright';

declare const page: Page;
declare const context: BrowserContext;
declare const response: Response;
declare const apiResponse: APIResponse;

const verdict: Verdict = await classifyResponse(response);
await classifyResponse(apiResponse, { body: Buffer.from(''), now: new Date(), readTimeout: 100 });
await classifyResponse(response, { body: null, peerIp: (await response.serverAddr())?.ipAddress });
// @ts-expect-error the promise of a response
await classifyResponse(page.goto('https://shop.example/'));

const arrived: Response | null = await gotoOrThrow(page, 'https://shop.example/', {
  waitUntil: 'domcontentloaded',
  challengeTimeout: 0,
  onChallengePassed: (sight) => {
    const after: number | null = sight.challengePassedAfterMs;
    const from: Response = sight.response;
    void [after, from, sight.page.url()];
  },
}).catch((error) => {
  if (error instanceof RateLimitedError) return (error as RateLimitedError & InterceptedError<Response>).response;
  throw error;
});
// @ts-expect-error goto knows no such event
await gotoOrThrow(page, 'https://shop.example/', { waitUntil: 'never' });

const pageWatch = watch(page, {
  onVerdict: ({ page, response, verdict }) => [page?.url(), response.fromServiceWorker(), verdict.class],
});
watch(context, {
  onVerdict: async (sight) => void (await sight.page?.close()),
  onError: console.error,
  documents: false,
  requests: ['fetch', 'xhr'],
});
// @ts-expect-error images are not watched
watch(context, { onVerdict() {}, requests: ['image'] });
const stopped: Promise<void> = pageWatch.stop();

const expect = baseExpect.extend(matchers);
await expect(response).not.toBeIntercepted();
await expect(await page.goto('https://shop.example/')).not.toBeIntercepted();
await expect(await page.goto('https://shop.example/')).toBeInterceptedAs('challenge');
// @ts-expect-error there may be no response
await classifyResponse(await page.goto('https://shop.example/'));
await expect(apiResponse).toBeInterceptedAs('rate_limited');
// @ts-expect-error no class of interceptions
await expect(apiResponse).toBeInterceptedAs('passed');
void [verdict, arrived, stopped];
