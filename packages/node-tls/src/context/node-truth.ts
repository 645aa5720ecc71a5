import nodeTls from 'node:tls';

/**
 * What Node's own module had when this one was loaded. `register` changes that module, and what is asked here must still be Node. Deno and
 * Bun have it too.
 */
export const nodeTruth = {
  checkServerIdentity: nodeTls.checkServerIdentity,
  createSecureContext: nodeTls.createSecureContext,
  rootCertificates: nodeTls.rootCertificates,
  defaultCiphers: nodeTls.DEFAULT_CIPHERS,
  defaultMinVersion: nodeTls.DEFAULT_MIN_VERSION,
  defaultMaxVersion: nodeTls.DEFAULT_MAX_VERSION,
  // Node 22.15 has the first, 22.19 the second
  getCACertificates: (nodeTls as MaybeNewer).getCACertificates,
  setDefaultCACertificates: (nodeTls as MaybeNewer).setDefaultCACertificates,
} as const;

interface MaybeNewer {
  readonly getCACertificates?: (type: string) => string[];
  readonly setDefaultCACertificates?: (certificates: readonly (string | NodeJS.ArrayBufferView)[]) => void;
}
