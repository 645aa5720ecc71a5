import nodeTls from 'node:tls';

/**
 * What Node's own module had when this one was loaded. `register` changes that module, and what is asked here must still be Node. Deno and
 * Bun have it too.
 */
export const nodeTruth = {
  checkServerIdentity: nodeTls.checkServerIdentity,
  convertALPNProtocols: (nodeTls as WithMore).convertALPNProtocols,
  createSecureContext: nodeTls.createSecureContext,
  rootCertificates: nodeTls.rootCertificates,
  // Node 22.15 has the first, 22.19 the second
  getCACertificates: (nodeTls as WithMore).getCACertificates,
  setDefaultCACertificates: (nodeTls as WithMore).setDefaultCACertificates,
} as const;

/** What the types of Node do not have, or only newer versions of Node. */
interface WithMore {
  readonly convertALPNProtocols?: (protocols: unknown, out: object) => void;
  readonly getCACertificates?: (type: string) => string[];
  readonly setDefaultCACertificates?: (certificates: readonly (string | NodeJS.ArrayBufferView)[]) => void;
}
