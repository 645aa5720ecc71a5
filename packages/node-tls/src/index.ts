export { checkServerIdentity, createSecureContext } from './secure-context.ts';
export type { SecureContext, SecureContextOptions } from './secure-context.ts';
