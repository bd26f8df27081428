// Errors, triage, diagnosis, monitor, tally, catalogue, command.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  AccessDeniedError,
  BlockedError,
  CloudflareError,
  classify,
  codes,
  diagnose,
  errorFor,
  explain,
  Monitor,
  OriginFailedError,
  Policy,
  RateLimitedError,
  Tally,
  throwIfIntercepted,
  ticket,
  triage,
  Verdict,
  words,
} from 'cfblock';

const limited = classify({ status: 429, headers: { 'retry-after': '10' }, body: 'error code: 1015' });
const denied = classify({ status: 403, headers: { server: 'cloudflare' }, body: 'error code: 1020' });

test('an intercepted response throws the error of its class', () => {
  const cause = new Error('the transport');
  assert.throws(() => throwIfIntercepted(limited, { cause }), (error) => {
    assert.ok(error instanceof RateLimitedError && error instanceof BlockedError && error instanceof CloudflareError);
    assert.equal(error.name, 'RateLimitedError');
    assert.equal(error.code, 'CFBLOCK_RATE_LIMITED');
    assert.equal(error.retryAfter, 10);
    assert.equal(error.errorCode, 1015);
    assert.equal(error.action, 'wait');
    assert.equal(error.verdict, limited);
    assert.equal(error.cause, cause);
    assert.match(error.message, /^rate_limited 1015/);
    return true;
  });
  assert.throws(() => throwIfIntercepted({ status: 522, headers: { server: 'cloudflare' }, body: 'error code: 522' }), OriginFailedError);
  assert.equal(throwIfIntercepted({ status: 200 }).class, 'passed');
  assert.equal(errorFor(classify({ status: 403 })), null);
  assert.ok(errorFor(denied) instanceof AccessDeniedError);
});

test('each class has an error, and those that refuse are blocks', () => {
  for (const name of words.Class) {
    const verdict = Verdict.from({ class: name });
    const error = errorFor(verdict);
    assert.equal(error !== null, verdict.intercepted, name);
    assert.equal(error instanceof BlockedError, verdict.blocked, name);
    if (error !== null) assert.notEqual(error.constructor, CloudflareError, name);
  }
});

test('triage heeds policy and context', () => {
  const first = triage(limited);
  assert.equal(first.action, 'wait');
  assert.equal(first.steps[0].wait, 10);
  assert.equal(first.isFinal, false);
  const next = limited.triage({ attempt: 2, tried: [first.steps[0]] });
  assert.ok(next.steps.every((step) => step.action !== 'wait'));
  const gentle = denied.triage({ policy: 'cooperative' });
  assert.ok(gentle.steps.every((step) => !['change_identity', 'use_browser'].includes(step.action)));
  assert.deepEqual(denied.triage({ policy: Policy.cooperative }), gentle);
  assert.deepEqual(denied.triage({ policy: { base: 'cooperative' } }), gentle);
  assert.deepEqual(triage(denied.toJSON(), { policy: 'cooperative' }), gentle);
  assert.match(first.audience.owner, /\w/);
});

test('a policy has the members that its base gives', () => {
  const policy = new Policy({ exclude: ['change_identity'], maxWait: 60 });
  assert.deepEqual(policy.exclude, ['change_identity']);
  assert.equal(policy.maxWait, 60);
  assert.equal(policy.maxAttempts, Policy.full.maxAttempts);
  assert.throws(() => {
    policy.maxWait = 1;
  }, TypeError);
  assert.ok(denied.triage({ policy }).steps.every((step) => step.action !== 'change_identity'));
});

test('a null route that hits only the crawler is diagnosed', () => {
  const nullRoute = { status: 530, headers: { server: 'cloudflare' }, body: 'error code: 1002' };
  const seen = [
    { id: 'crawler', ...nullRoute, vantage: { network: 'datacenter' }, time: new Date('2026-11-20T12:00:00.5Z') },
    { id: 'home', verdict: classify({ status: 200 }), vantage: { network: 'residential' }, time: 1795176001000 },
  ];
  const diagnosis = diagnose(seen);
  assert.equal(diagnosis.scope, 'targeted');
  assert.equal(diagnosis.classification, 'targeted_null_route');
  assert.deepEqual(diagnosis.decidedBy, ['crawler', 'home']);
  assert.equal(diagnosis.toJSON().classification, 'targeted_null_route');
  const chosen = diagnose([seen[0]], { candidates: [{ id: 'mobile', vantage: { network: 'mobile', tlsFingerprint: 'x' } }] });
  assert.equal(chosen.action, 'probe');
  assert.equal(chosen.nextProbe.id, 'mobile');
  assert.deepEqual(diagnose([seen[0]], { policy: 'cooperative' }).change, []);
});

test('a monitor follows an incident from its beginning to its end', () => {
  let monitor = new Monitor({ objectiveS: 30 });
  const start = Date.UTC(2026, 10, 20, 12);
  let time = start;
  const answer = (what, code) => {
    time += 500;
    return monitor.observe('prices', 'shop.example', what, new Date(time), code);
  };
  for (let count = 0; count < 2000; count += 1) assert.deepEqual(answer('passed'), []);
  const opened = [1, 2, 3].flatMap(() => answer('site_misconfigured', 1002));
  assert.deepEqual(opened.map(({ event }) => event), ['incident_opened', 'probe_wanted']);
  assert.equal(opened[0].errorCode, 1002);

  monitor = Monitor.restore(monitor.save());
  assert.equal(monitor.counters().open, 1);
  assert.equal(monitor.incidents()[0].pipelineId, 'prices');
  const about = ['prices', 'shop.example', 'site_misconfigured'];
  assert.equal(monitor.probed(...about, time), true);
  const diagnosis = diagnose([{ verdict: { error_code: 1002 }, vantage: { network: 'datacenter' } }, { status: 200, vantage: { network: 'mobile' } }]);
  assert.equal(monitor.diagnosed(...about, diagnosis, time).classification, 'targeted_null_route');
  assert.equal(monitor.diagnosed('other', 'shop.example', 'challenge', diagnosis, time), null);
  assert.equal(monitor.acted(...about, 'change_identity', time), true);
  const ended = Array.from({ length: 60 }, () => answer(classify({ status: 200 }))).flat();
  assert.deepEqual(ended.map(({ event, recovery }) => [event, recovery]), [['recovered', 'after_action']]);
  assert.equal(ended[0].timings.objectiveMet, true);
  assert.deepEqual(monitor.tick(time + 1e6), []);
  assert.ok(monitor.baseline(...about) < 0.1);
});

test('tallies are merged in any order, and twice as once', () => {
  const [one, two, all] = [new Tally(), new Tally(), new Tally()];
  one.add('worker-1', 'prices', 'shop.example', limited);
  two.add('worker-2', 'prices', 'shop.example', 'rate_limited', 1015);
  for (const tally of [two, one, two, Tally.restore(one.save())]) all.merge(tally);
  const row = { pipelineId: 'prices', host: 'shop.example', class: 'rate_limited', errorCode: 1015, responses: 2 };
  assert.deepEqual(all.rows(), [row]);
});

test('words, codes and tickets', () => {
  assert.match(explain(1012), /^1012 malicious_activity_ban/);
  assert.match(explain('slow_down'), /^slow_down/);
  const entry = codes().find(({ code }) => code === 1015);
  assert.equal(entry.reason, 'rate_limited');
  assert.equal(entry.retryAfter, 30);
  const message = ticket(denied, {
    url: 'https://shop.example/list?page=2',
    contact: 'crawler@prices.example',
    requestsPerMinute: 6,
    time: new Date('2026-11-20T12:00:00Z'),
  });
  assert.match(message, /^Subject: Our requests to shop\.example are refused/);
  assert.match(message, /2026-11-20T12:00:00Z/);
});

test('the command', () => {
  const command = fileURLToPath(new URL('../bin/cfblock.js', import.meta.url));
  const run = (args, input) => spawnSync(process.execPath, [command, ...args], { input, encoding: 'utf8' });
  const limitedMessage = 'HTTP/2 429\nserver: cloudflare\nretry-after: 10\n\nerror code: 1015\n';
  const answer = run([], limitedMessage);
  assert.equal(answer.status, 1);
  assert.match(answer.stdout, /^Rate limited \(1015\)/);
  assert.equal(run([], 'HTTP/1.1 200 OK\n\nhello').status, 0);
  const refused = run(['--formt', 'json']);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /--format/);
  assert.match(run(['explain', '1020']).stdout, /^1020 firewall_rule_blocked/);

  // More than a pipe holds.
  const record = JSON.stringify({ status: 429, body: 'error code: 1015' });
  const scanned = run(['scan', '--format', 'jsonl', '-'], `${record}\n`.repeat(500));
  assert.equal(scanned.stderr, '');
  assert.equal(scanned.stdout.trimEnd().split('\n').length, 500);
});
