import { fetch as undiciFetch, type Response as UndiciResponse } from 'undici';
import type { Verdict } from 'cfblock';
import { classifyResponse, verdictOf, withCfblock } from 'cfblock/fetch';

const annotated: typeof fetch = withCfblock(fetch, {
  throw: ['challenge', 'rate_limited'],
  onVerdict: async (verdict, { url, response }) => console.log(verdict.class, url, response.headers),
});
const response: Response = await annotated(new URL('https://shop.example/'), { method: 'POST' });
const verdict: Verdict | null = verdictOf(response);
const classified: Verdict = await classifyResponse(response, { body: await response.arrayBuffer(), now: new Date() });

const other: UndiciResponse = await withCfblock(undiciFetch)('https://shop.example/');
void [verdict, classified, other];

// @ts-expect-error no such class
withCfblock(fetch, { throw: ['chalenge'] });
// @ts-expect-error what passed is no error
withCfblock(fetch, { throw: ['passed'] });
// @ts-expect-error no such option
withCfblock(fetch, { retries: 3 });
// @ts-expect-error a promise of a response
classifyResponse(fetch('https://shop.example/'));
