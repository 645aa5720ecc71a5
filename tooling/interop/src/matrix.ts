import type { KeyAlgorithm } from '@org/pki';
import type { TlsBackend } from '@org/tls-core';
import { resolveBackend } from '@org/tls-core/config';
import { createBackend } from '@org/tls-pure';
import { nodeCrypto } from '@org/tls-pure/crypto/node';
import type { ClientPeer, ServerPeer } from './peer.ts';
import { curl } from './peers/curl.ts';
import { gnutlsClient, gnutlsServer } from './peers/gnutls.ts';
import { nginx } from './peers/nginx.ts';
import { opensslClient, opensslServer } from './peers/openssl.ts';
import { runtimeClients, runtimeServers } from './peers/runtimes.ts';

/** What is tested; made in the test, so that a backend that does not load fails its own rows only. */
export const backends: readonly { readonly name: string; readonly load: () => Promise<TlsBackend> }[] = [
  { name: 'pure (node)', load: async () => createBackend({ crypto: nodeCrypto }) },
  { name: 'pure (noble)', load: loadNoble },
  { name: 'native', load: () => resolveBackend('native') },
];

export const serverPeers: readonly ServerPeer[] = [opensslServer, nginx, gnutlsServer, ...runtimeServers];
export const clientPeers: readonly ClientPeer[] = [curl, opensslClient, gnutlsClient, ...runtimeClients];

/** Peers that can be told to accept P-256 only. */
export const retryingPeers: readonly ServerPeer[] = [opensslServer, nginx, gnutlsServer];

/** Servers and clients that take every kind of certificate. */
export const certificateServers: readonly ServerPeer[] = [opensslServer, gnutlsServer];
export const certificateClients: readonly ClientPeer[] = [opensslClient, gnutlsClient];
export const certificateKinds: readonly KeyAlgorithm[] = ['ecdsa-p384', 'rsa-2048', 'ed25519'];

/** By a name that only running resolves, so that a provider that does not load fails its own rows only. */
async function loadNoble(): Promise<TlsBackend> {
  const specifier = '@org/tls-pure/crypto/noble';
  const { nobleCrypto } = (await import(/* @vite-ignore */ specifier)) as { nobleCrypto: typeof nodeCrypto };
  return createBackend({ crypto: nobleCrypto });
}
