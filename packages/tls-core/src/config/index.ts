export type { BackendChoice } from './backend-choice.ts';
export { clientContextSource } from './contexts.ts';
export type { ClientTls, ServerTls } from './contexts.ts';
export { resolveBackend } from './resolve-backend.ts';
export type { WhereToLook } from './resolve-backend.ts';
