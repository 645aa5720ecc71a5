import { TlsError, type TlsBackend } from '@org/tls-core';
import { clientOptions, featuresAmong, interfaceVersion, ownOptions } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import { capabilitiesOf } from './capabilities.ts';
import { makeClientContext } from './client-context.ts';

export interface ClientBackendOptions {
  /** E.g. `classicalNobleCrypto` of `@org/tls-crypto/noble/classical`, which is the smallest for a page. */
  readonly crypto: CryptoProvider;
}

/**
 * TLS 1.2 and 1.3 in TypeScript for clients alone, without Encrypted Client Hello: for pages, which load what they import. All else is as
 * `createBackend` of `@org/tls-pure` has it.
 * @throws TypeError on an unknown option
 */
export function createClientBackend(options: ClientBackendOptions): TlsBackend {
  const { crypto } = ownOptions(options, ['crypto']);
  if (typeof crypto !== 'object') throw new TypeError(`crypto: expected a provider, got ${typeof crypto}`);
  const backend: TlsBackend = Object.freeze({
    name: 'pure',
    interfaceVersion,
    capabilities: capabilitiesOfClient(crypto),
    createClientContext: (config) => makeClientContext({ backend, crypto, encryptedHellos: undefined }, config),
    createServerContext: () => {
      throw new TlsError(
        'ERR_TLS_UNSUPPORTED',
        'this backend has clients alone; createBackend() of @org/tls-pure has servers',
      );
    },
  } satisfies TlsBackend);
  return backend;
}

function capabilitiesOfClient(crypto: CryptoProvider): TlsBackend['capabilities'] {
  const { client } = capabilitiesOf(crypto);
  const nothing = { protocols: [], cipherSuites: [], groups: [], signatureSchemes: [], options: [] };
  return Object.freeze({
    client: Object.freeze({
      ...client,
      options: clientOptions.filter((option) => option !== 'echGrease'),
      features: { ...client.features, ech: false },
    }),
    server: Object.freeze({ ...nothing, features: featuresAmong([]) }),
  });
}
