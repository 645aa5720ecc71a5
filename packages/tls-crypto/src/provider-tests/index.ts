export { providerCases } from './cases.ts';
export type { ProviderCase } from './provider-case.ts';
export { registerCryptoProviderTests } from './register.ts';
export type { ProviderTestOptions } from './register.ts';
