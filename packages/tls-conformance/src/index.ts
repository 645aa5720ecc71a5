export { cases } from './cases.ts';
export type { ConformanceCase, Roles } from './conformance-case.ts';
export { AssertionError, expect } from './expect.ts';
export type { FixtureCertificate } from './fixture-certificate.ts';
export { certificates, rootPem } from './fixtures.ts';
export type { FixtureName } from './fixtures.ts';
export type { ConformanceOptions } from './plan.ts';
export { runConformance } from './run.ts';
export type { CaseResult } from './run.ts';
