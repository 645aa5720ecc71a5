import type { KeyAlgorithm } from '@org/pki';
import type { TlsBackend } from '@org/tls-core';
import { resolveBackend } from '@org/tls-core/config';
import { createBackend } from '@org/tls-pure';
import { nodeCrypto } from '@org/tls-crypto/node';
import type { ClientPeer, ServerPeer } from './peer.ts';
import { curl } from './peers/curl.ts';
import { gnutlsClient, gnutlsServer } from './peers/gnutls.ts';
import { nginx } from './peers/nginx.ts';
import { nssClient, nssServer } from './peers/nss.ts';
import { opensslClient, opensslServer } from './peers/openssl.ts';
import { runtimeClients, runtimeServers } from './peers/runtimes.ts';

/** What is tested; made in the test, so that a backend that does not load fails its own rows only. */
export const backends: readonly { readonly name: string; readonly load: () => Promise<TlsBackend> }[] = [
  { name: 'pure (node)', load: async () => createBackend({ crypto: nodeCrypto }) },
  { name: 'pure (noble)', load: loadNoble },
  { name: 'native', load: () => resolveBackend('native', { from: import.meta.url }) },
];

export const serverPeers: readonly ServerPeer[] = [opensslServer, nginx, gnutlsServer, nssServer, ...runtimeServers];
export const clientPeers: readonly ClientPeer[] = [curl, opensslClient, gnutlsClient, nssClient, ...runtimeClients];

const nodeServers = runtimeServers.filter(({ name }) => name.includes('ode'));

/** Peers that can be told to accept P-256 only, or one version; bun and deno cannot. */
export const adjustableServers: readonly ServerPeer[] = [opensslServer, nginx, gnutlsServer, nssServer, ...nodeServers];
/** Peers that can be told to require a certificate: Deno.serve cannot. */
export const authenticatingServers: readonly ServerPeer[] = serverPeers.filter(({ name }) => !name.startsWith('deno'));
/** Peers that take early data and serve pages. NSS declines it for its first 10 s; Node, bun and deno have no such option. */
export const earlyDataServers: readonly ServerPeer[] = [nginx, gnutlsServer];
export const earlyDataClients: readonly ClientPeer[] = [opensslClient, gnutlsClient, nssClient];
/** Peers that take tickets in TLS 1.2; curl wants a session id. */
export const ticketClients: readonly ClientPeer[] = clientPeers.filter((peer) => peer !== curl);
/** OpenSSL 3.0, GnuTLS 3.7 and NSS 3.87, and with them nginx, curl and Node 20, know no ML-KEM. */
export const postQuantumServers: readonly ServerPeer[] = runtimeServers.filter(
  ({ name }) => !name.includes('this Node'),
);
/** OpenSSL 3.5 has every hybrid group, and can be held to one. */
export const hybridServers: readonly ServerPeer[] = runtimeServers.filter(({ name }) => name === 'node@24');
export const hybridClients: readonly ClientPeer[] = runtimeClients.filter(({ name }) => name === 'node@24');
export const hybridGroups: readonly string[] = ['X25519MLKEM768', 'SecP256r1MLKEM768', 'SecP384r1MLKEM1024'];
/** rustls in deno offers ML-KEM, and sends a share of X25519 only. */
export const hesitantClients: readonly ClientPeer[] = runtimeClients.filter(({ name }) => name.startsWith('deno'));
export const postQuantumClients: readonly ClientPeer[] = runtimeClients.filter(({ name }) =>
  /^(node@24|bun)/.test(name),
);

/** Servers and clients that take every kind of certificate. */
export const certificateServers: readonly ServerPeer[] = [opensslServer, gnutlsServer];
export const certificateClients: readonly ClientPeer[] = [opensslClient, gnutlsClient];
export const certificateKinds: readonly KeyAlgorithm[] = ['ecdsa-p384', 'rsa-2048', 'ed25519'];

/** By a name that only running resolves, so that a provider that does not load fails its own rows only. */
async function loadNoble(): Promise<TlsBackend> {
  const specifier = '@org/tls-crypto/noble';
  const { nobleCrypto } = (await import(/* @vite-ignore */ specifier)) as { nobleCrypto: typeof nodeCrypto };
  return createBackend({ crypto: nobleCrypto });
}
