import { CheerioCrawler } from '@crawlee/cheerio';
import * as crawlee from '@crawlee/core';
import { HttpCrawler } from '@crawlee/http';
import { PlaywrightCrawler } from '@crawlee/playwright';
import type { Verdict } from 'cfblock';
import { cfblockHooks, verdictOf } from 'cfblock/crawlee';

new CheerioCrawler({
  ...cfblockHooks({
    actWith: crawlee,
    policy: { base: 'cooperative', maxAttempts: 2 },
    maxWait: 120,
    onVerdict: async (verdict, { url, context }) => console.log(verdict.class, url, context.request.retryCount),
  }),
  requestHandler({ request }) {
    const verdict: Verdict | null = verdictOf(request);
    void verdict;
  },
});
new HttpCrawler({ ...cfblockHooks(), requestHandler() {} });
new PlaywrightCrawler({ ...cfblockHooks({ actWith: crawlee }), requestHandler() {} });

// @ts-expect-error no errors of Crawlee
cfblockHooks({ actWith: true });
