export type { NativeLibrary } from './border/addon.ts';
export { createBackend, nativeLibrary } from './backend.ts';
export type { NativeBackendOptions, NativeLibraryOptions } from './backend.ts';
export type { PlatformResumption } from './context/platform-resumption.ts';
export type { PlatformRevocation } from './trust/platform-revocation.ts';
