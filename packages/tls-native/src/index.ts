export type { NativeLibrary } from './addon.ts';
export { createBackend, nativeLibrary } from './backend.ts';
export type { NativeBackendOptions, NativeLibraryOptions } from './backend.ts';
