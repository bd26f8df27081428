import got, { type Got } from 'got';
import type { Verdict } from 'cfblock';
import { cfblockHooks, verdictOf } from 'cfblock/got';

const client: Got = got.extend(
  cfblockHooks({
    retry: true,
    policy: 'cooperative',
    throw: ['challenge'],
    onVerdict: async (verdict, { url, response }) => console.log(verdict.class, url, response.statusCode),
  }),
);
const verdict: Verdict | null = verdictOf(await client('https://shop.example/'));
void verdict;

// @ts-expect-error no such policy
cfblockHooks({ policy: 'polite' });
