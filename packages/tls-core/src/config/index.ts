export type { BackendChoice } from './backend-choice.ts';
export type { CryptoName } from './crypto-choice.ts';
export { clientContextSource } from './contexts.ts';
export type { ClientTls, ServerTls } from './contexts.ts';
export type { IdentityInput, KeyPairInput, PfxInput, RawKeyInput, SignerInput } from './identity-input.ts';
export { keyLogFile, type KeyLogInput } from './key-log.ts';
export { resolveBackend } from './resolve-backend.ts';
export { resolveBackendNow } from './resolve-backend-now.ts';
export type { WhereToLook } from './choose-backend.ts';
