import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { TlsBackend } from '@org/tls-core';
import { resolveBackend } from '@org/tls-core/config';
import { connect, createServer } from '@org/tls-core/node';
import { createBackend } from '@org/tls-pure';
import { nodeCrypto } from '@org/tls-crypto/node';

export const variants = ['node:tls', 'pure (node)', 'pure (noble)', 'native'] as const;
export type Variant = (typeof variants)[number];

export interface Pems {
  readonly ca: string;
  readonly chain: string;
  readonly key: string;
}

/** One implementation in both roles. All of them use TLS 1.3, X25519 and AES-128-GCM, and resume nothing. */
export interface Endpoint {
  listen(onSocket: (socket: Duplex) => void): Promise<number>;
  /** Resolves when the handshake is done and the server's certificate is verified. */
  dial(port: number): Promise<Duplex>;
}

export async function openEndpoint(variant: Variant, pems: Pems): Promise<Endpoint> {
  return variant === 'node:tls' ? nodeEndpoint(pems) : ourEndpoint(await load(variant), pems);
}

async function load(variant: Exclude<Variant, 'node:tls'>): Promise<TlsBackend> {
  if (variant === 'native') return resolveBackend('native', { from: import.meta.url });
  if (variant === 'pure (node)') return createBackend({ crypto: nodeCrypto });
  const specifier = '@org/tls-crypto/noble';
  const { nobleCrypto } = (await import(specifier)) as { nobleCrypto: typeof nodeCrypto };
  return createBackend({ crypto: nobleCrypto });
}

function nodeEndpoint({ ca, chain, key }: Pems): Endpoint {
  const same = {
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    ciphers: 'TLS_AES_128_GCM_SHA256',
    ecdhCurve: 'X25519',
  } as const;
  const secureContext = tls.createSecureContext({ ca, ...same });
  return {
    async listen(onSocket) {
      const server = tls.createServer({ cert: chain, key, ...same, noDelay: true }, onSocket);
      server.listen({ host: '127.0.0.1', port: 0, backlog: 2048 });
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
    async dial(port) {
      const socket = tls.connect({ host: '127.0.0.1', port, servername: 'localhost', secureContext });
      socket.setNoDelay(true);
      await once(socket, 'secureConnect');
      return socket;
    },
  };
}

function ourEndpoint(backend: TlsBackend, { ca, chain, key }: Pems): Endpoint {
  const same = { minVersion: 'TLSv1.3', cipherSuites: ['TLS_AES_128_GCM_SHA256'], groups: ['x25519'] } as const;
  const context = backend.createClientContext({ trust: ca, ...same });
  return {
    async listen(onSocket) {
      const identity = { certificateChain: chain, privateKey: key };
      const server = await createServer({ tls: { backend, identity, ...same } }, onSocket);
      server.listen({ host: '127.0.0.1', port: 0, backlog: 2048 });
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
    dial: (port) => connect({ host: '127.0.0.1', port, serverName: 'localhost', tls: context }),
  };
}
