export { codes, explain, ticket, version } from './catalogue.js';
export { classify, classifyMany } from './classify.js';
export { Course, needsBody } from './course.js';
export { Diagnosis, diagnose } from './diagnosis.js';
export * from './errors.js';
export { Monitor, Tally } from './monitor.js';
export { Policy, triage } from './triage.js';
export { Verdict, words } from './verdict.js';
