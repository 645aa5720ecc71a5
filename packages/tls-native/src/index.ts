export type { NativeLibrary } from './addon.ts';
export { createBackend, nativeLibrary } from './backend.ts';
export type { NativeBackendOptions } from './backend.ts';
