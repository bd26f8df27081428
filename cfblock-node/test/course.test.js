// The course of a request: the same steps as in the core, for every entry.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { classify, codes, Course, needsBody, Policy, Verdict } from 'cfblock';
import { PATIENCE } from '../adapters/crawlee/pacing.js';

const COURSES = new URL('../../tests/courses.jsonl', import.meta.url);
const limited = classify({ status: 429, headers: { server: 'cloudflare', 'retry-after': '10' }, body: 'error code: 1015' });

test('courses are those of Rust', () => {
  const lines = readFileSync(COURSES, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  assert(lines.length > 500);
  for (const { verdict, policy, method, steps } of lines) {
    let course = new Course({ policy, method, can: ['pause_host', 'change_identity'] });
    const found = [];
    while (found.length < 8) {
      const { next, seconds, whom, step, hold } = course.next(Verdict.from(verdict), { random: 0.5 });
      found.push([next, seconds, whom, step.action, hold]);
      if (next === 'end') break;
      // A course goes on where it was stored.
      course = Course.from(JSON.parse(JSON.stringify(course)));
    }
    assert.deepEqual(found, steps, `${verdict.reason} ${policy} ${method}`);
  }
});

test('a course counts attempts and takes failures', () => {
  const course = new Course();
  assert(course.next(limited).seconds >= 10);
  assert.equal(course.attempts, 1);
  assert.equal(Course.from(course.toJSON()).attempts, 1);
  assert.equal(new Course({ method: 'POST' }).next('timeout').next, 'end');
  assert.equal(new Course().next('timeout', { random: 0 }).next, 'send_again');
});

test('wrong arguments are named', () => {
  assert.throws(() => new Course().next('nope'), { name: 'TypeError', message: /"outcome"/ });
  assert.throws(() => new Course().next(limited, { random: 2 }), { name: 'RangeError', message: /"random"/ });
  assert.throws(() => new Course({ repeatable: 1 }), { name: 'TypeError', message: /"repeatable"/ });
  assert.throws(() => new Course({ can: ['fly'] }), { message: /unknown Action/ });
  assert.throws(() => new Course({ cann: [] }), { message: /cann/ });
  assert.throws(() => Course.from({}), { message: /course/ });
});

test('most answers need no body', () => {
  assert(needsBody({ status: 403 }));
  assert(needsBody({ status: 200, headers: { 'content-type': 'text/html' } }));
  assert(!needsBody({ status: 200, headers: { 'content-type': 'video/mp4' } }));
});

test('what a method allows to be sent again', () => {
  const unanswered = classify({ status: 524, headers: { server: 'cloudflare' }, body: 'error code: 524' });
  assert.deepEqual([unanswered.reachedOrigin, unanswered.site], ['maybe', 'down']);
  assert(unanswered.safeToRepeat('PUT') && !unanswered.safeToRepeat('POST'));
  assert.equal(unanswered.triage({ method: 'POST' }).action, 'inspect');
  assert.equal(unanswered.triage({ method: 'POST', repeatable: true }).action, 'back_off');
});

test('no context of a preview panics', () => {
  const headers = { server: 'cloudflare', 'cf-ray': '8f1b2c3d4e5f6071-FRA' };
  const url = 'https://shop.example/cdn-cgi/error/1002';
  const preview = classify({ status: 403, headers, body: 'error code: 1002', url });
  for (const othersSucceed of [null, true, false]) {
    assert(preview.triage({ tried: ['probe'], othersSucceed }).causes.length > 0);
  }
});

test('the default patience is at least what the catalogue asks for', () => {
  const waits = codes().flatMap(({ client }) => client.map(({ wait }) => wait ?? 0));
  assert(PATIENCE >= Math.max(...waits));
  assert(Policy.full.maxWait >= PATIENCE);
});
