import axios from 'axios';
import type { Verdict } from 'cfblock';
import { addCfblock, verdictOf } from 'cfblock/axios';

const remove: () => void = addCfblock(axios, { throw: true });
addCfblock(axios.create(), {
  onVerdict: async (verdict, { url, response }) => console.log(verdict.class, url, response.status, response.data),
});
const verdict: Verdict | null = verdictOf(await axios.get('https://shop.example/'));
void [remove, verdict];

// @ts-expect-error no instance of axios
addCfblock({ get() {} });
