export { cases } from './cases.ts';
export type { ConformanceCase, Roles } from './conformance-case.ts';
export type { FixtureCertificate } from './fixture-certificate.ts';
export { certificates, rootPem } from './fixtures.ts';
export type { FixtureName } from './fixtures.ts';
export { describeConformance } from './register.ts';
export type { ConformanceOptions } from './plan.ts';
