import type { BackendCapabilities, PeerVerifier, RoleCapabilities } from '@org/tls-core';
import { cipherSuiteNumbers, featuresAmong, namedGroupNumbers, signatureSchemeNumbers } from '@org/tls-core/backend';
import type { NativeLibrary } from '../border/addon.ts';
import { platforms } from '../border/platforms.ts';
import { isOfTls13 } from './common-options.ts';
import { namesOf } from '../border/registry.ts';

/**
 * Tells what this backend can do over the library that is there.
 * @param verifier `undefined` for the platform's
 */
export function capabilitiesOf(library: NativeLibrary, verifier: PeerVerifier | undefined): BackendCapabilities {
  const row = platforms[library.name];
  // pins are looked for in the path, whoever has found it
  const options = [...new Set([...row.common, ...(verifier?.options ?? row.ofVerifier)])];
  const groups = namesOf(namedGroupNumbers, library.groups);
  const role: Omit<RoleCapabilities, 'options'> = {
    protocols: library.cipherSuites.some(isOfTls13) ? ['TLSv1.2', 'TLSv1.3'] : ['TLSv1.2'],
    cipherSuites: namesOf(cipherSuiteNumbers, library.cipherSuites),
    groups,
    signatureSchemes: namesOf(signatureSchemeNumbers, library.signatureSchemes),
    features: featuresAmong(row.features),
  };
  const postQuantumServer = groups.some((group) => group.includes('MLKEM')) ? row.postQuantumServer : [];
  return Object.freeze({
    client: Object.freeze({ ...role, options: [...new Set([...options, ...row.client])] }),
    server: Object.freeze({ ...role, options: [...new Set([...options, ...row.server, ...postQuantumServer])] }),
  });
}
