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

/** The backends under test. Each is made in its test, so that one that does not load fails only its own rows. */
export const backends: readonly { readonly name: string; readonly load: () => Promise<TlsBackend> }[] = [
  { name: 'pure (node)', load: async () => createBackend({ crypto: nodeCrypto }) },
  { name: 'pure (noble)', load: loadNoble },
  { name: 'native', load: () => resolveBackend('native', { from: import.meta.url }) },
];

export const serverPeers: readonly ServerPeer[] = [opensslServer, nginx, gnutlsServer, nssServer, ...runtimeServers];
export const clientPeers: readonly ClientPeer[] = [curl, opensslClient, gnutlsClient, nssClient, ...runtimeClients];

const nodeServers = runtimeServers.filter(({ name }) => name.includes('ode'));

/** The peers that can be told to accept P-256 only, or one version only; bun and deno cannot. */
export const adjustableServers: readonly ServerPeer[] = [opensslServer, nginx, gnutlsServer, nssServer, ...nodeServers];
/** The peers that can be told to require a certificate; Deno.serve cannot. */
export const authenticatingServers: readonly ServerPeer[] = serverPeers.filter(({ name }) => !name.startsWith('deno'));
/** The peers that accept early data and serve pages. NSS declines it for its first 10 s; Node, bun and deno have no option for it. */
export const earlyDataServers: readonly ServerPeer[] = [nginx, gnutlsServer];
export const earlyDataClients: readonly ClientPeer[] = [opensslClient, gnutlsClient, nssClient];
/** The peers that accept tickets in TLS 1.2; curl wants a session id. */
export const ticketClients: readonly ClientPeer[] = clientPeers.filter((peer) => peer !== curl);
/** The peers with ML-KEM: OpenSSL 3.0, GnuTLS 3.7 and NSS 3.87 do not know it, nor do nginx, curl and Node 20, which use them. */
export const postQuantumServers: readonly ServerPeer[] = runtimeServers.filter(
  ({ name }) => !name.includes('this Node'),
);
/** The peers that have every hybrid group and can be limited to one, which is OpenSSL 3.5. */
export const hybridServers: readonly ServerPeer[] = runtimeServers.filter(({ name }) => name === 'node@24');
export const hybridClients: readonly ClientPeer[] = runtimeClients.filter(({ name }) => name === 'node@24');
export const hybridGroups: readonly string[] = ['X25519MLKEM768', 'SecP256r1MLKEM768', 'SecP384r1MLKEM1024'];
/** The peers that offer ML-KEM but send only a share of X25519, which is rustls in deno. */
export const hesitantClients: readonly ClientPeer[] = runtimeClients.filter(({ name }) => name.startsWith('deno'));
export const postQuantumClients: readonly ClientPeer[] = runtimeClients.filter(({ name }) =>
  /^(node@24|bun)/.test(name),
);

/** The servers and clients that accept every kind of certificate. */
export const certificateServers: readonly ServerPeer[] = [opensslServer, gnutlsServer];
export const certificateClients: readonly ClientPeer[] = [opensslClient, gnutlsClient];
export const certificateKinds: readonly KeyAlgorithm[] = ['ecdsa-p384', 'rsa-2048', 'ed25519'];

/** Loads the provider by a name that is only resolved at run time, so that one that does not load fails only its own rows. */
async function loadNoble(): Promise<TlsBackend> {
  const specifier = '@org/tls-crypto/noble';
  const { nobleCrypto } = (await import(/* @vite-ignore */ specifier)) as { nobleCrypto: typeof nodeCrypto };
  return createBackend({ crypto: nobleCrypto });
}
