// A TLS peer that misbehaves on demand, for tests of a TLS implementation: the conformance kit plays every backend against it. Programs
// have no use for it.
import type { TlsBackend } from '@org/tls-core';
import { defaultCrypto } from '@org/tls-crypto';
import { clientContext, createBackend, serverContext, type PureBackendOptions } from './backend.ts';
import type { HandshakeOverrides } from './handshake/settings.ts';

/**
 * Makes a backend whose handshakes are changed by `overrides`, and which is honest in everything else. It speaks to the peer that a
 * test is about.
 * @param overrides are asked in every handshake of every context; those that count need a backend of their own for each handshake
 */
export function misbehavingBackend(overrides: HandshakeOverrides, options: PureBackendOptions = {}): TlsBackend {
  const { crypto = defaultCrypto } = options;
  const honest = createBackend({ crypto });
  return Object.freeze({
    ...honest,
    createClientContext: (config) => clientContext(honest, crypto, config, overrides),
    createServerContext: (config) => serverContext(honest, crypto, config, overrides),
  } satisfies TlsBackend);
}

export type { HandshakeOverrides } from './handshake/settings.ts';
export type { Extension, ExtensionCarrier } from './wire/extension.ts';
export { ExtensionType } from './wire/extension.ts';
export { HandshakeType } from './wire/handshake-message.ts';
export { ContentType } from './wire/content-type.ts';
