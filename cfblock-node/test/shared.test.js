// What all adapters do alike.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify, Monitor, needsBody } from 'cfblock';
import { locatedErrorFor, reactions } from '../adapters/shared.js';

const blocked = classify({ status: 403, headers: { server: 'cloudflare' }, body: 'error code: 1020' });

test('an error knows where it comes from', () => {
  const response = {};
  const error = locatedErrorFor(blocked, { url: 'https://shop.example/', response });
  assert.equal(error.url, 'https://shop.example/');
  assert.equal(error.response, response);
  assert.equal(Object.keys(error).includes('response'), false);
  assert.equal(locatedErrorFor(blocked, { url: '' }).url, null);
  assert.equal(locatedErrorFor(classify({ status: 200 }), {}), null);
});

test('what passed is never thrown', () => {
  const message = /"throw\[1\]" member must be one of (?!.*passed,)/;
  assert.throws(() => reactions({ throw: ['challenge', 'passed'] }), { code: 'ERR_INVALID_ARG_TYPE', message });
});

test('streams of JSON are not waited for', () => {
  for (const type of ['application/json', 'application/problem+json; charset=utf-8', 'application/ld+json', 'text/html', '']) {
    assert.ok(needsBody({ status: 200, headers: type === '' ? {} : { 'content-type': type } }), type);
  }
  for (const type of ['application/x-ndjson', 'application/jsonl', 'application/jsonlines', 'application/json-seq']) {
    assert.ok(!needsBody({ status: 200, headers: { 'content-type': type } }), type);
    assert.ok(needsBody({ status: 429, headers: { 'content-type': type } }), type);
  }
});

test('an incident has the members that its type has', () => {
  const monitor = new Monitor();
  for (let count = 0; count < 2003; count += 1) {
    monitor.observe('prices', 'shop.example', count < 2000 ? 'passed' : 'access_denied', count * 500);
  }
  const [incident] = monitor.incidents();
  assert.equal(
    Object.keys(incident).join(),
    'pipelineId,host,class,errorCode,phase,beganAt,openedAt,latest,actedAt,responses,probes,classification,action',
  );
});
