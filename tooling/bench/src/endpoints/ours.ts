import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ServerConfig, TlsBackend, TlsServerContext } from '@org/tls-core';
import { connect, createServer } from '@org/tls-core/node';
import type { Dialer, Endpoint, Identity, Listener, Scene } from '../endpoint.ts';

/** One of our backends under the sockets of `@org/tls-core/node`. */
export function ours(backend: TlsBackend): Endpoint {
  return {
    async listen({ scene, identities, onSocket }): Promise<Listener> {
      const contextOf = ({ chain, key }: Identity): TlsServerContext =>
        backend.createServerContext({
          identity: { certificateChain: chain, privateKey: key },
          ...optionsOf(scene),
        });
      let contexts = identities.map(contextOf);
      const [first] = contexts;
      if (first === undefined) throw new Error('a server needs an identity');
      const server = await createServer({ tls: first }, onSocket);
      let turn = 0;
      if (contexts.length > 1) {
        server.on('connection', () => void server.setContext(contexts[(turn += 1) % contexts.length] ?? first));
      }
      server.listen({ host: '127.0.0.1', port: 0, backlog: 2048 });
      await once(server, 'listening');
      return {
        port: (server.address() as AddressInfo).port,
        renew(renewed) {
          contexts = renewed.map(contextOf);
        },
      };
    },
    async dialer({ scene, ca }): Promise<Dialer> {
      const context = backend.createClientContext({ trust: ca, ...optionsOf(scene) });
      const target = { host: '127.0.0.1', serverName: 'localhost', tls: context };
      return {
        async dial(port, { session, onSession, onread } = {}) {
          const socket = await connect({
            ...target,
            port,
            ...(session !== undefined && { session: session as never }),
            ...(onread !== undefined && { onread }),
          });
          if (onSession !== undefined) socket.on('session', onSession);
          return { stream: socket, resumed: socket.isSessionReused() };
        },
      };
    },
  };
}

function optionsOf({
  version,
  key,
  group,
}: Scene): Pick<ServerConfig, 'minVersion' | 'maxVersion' | 'cipherSuites' | 'groups'> {
  const suite12 =
    key === 'rsa-2048' ? 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256' : 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256';
  return {
    minVersion: version,
    maxVersion: version,
    cipherSuites: [version === 'TLSv1.3' ? 'TLS_AES_128_GCM_SHA256' : suite12],
    groups: [group],
  };
}
