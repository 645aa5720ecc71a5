export { createBackend } from './backend.ts';
export type { PureBackendOptions } from './backend.ts';
