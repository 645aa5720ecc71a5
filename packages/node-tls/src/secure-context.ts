export type { SecureContextOptions } from './context/checked-options.ts';
export { verifierOf, type ChainVerifier, type Verdict } from './context/peer-verifier.ts';
export { createSecureContext, SecureContext } from './context/secure-context.ts';
export { checkServerIdentity } from './context/server-identity.ts';
