import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ServerConfig, TlsBackend, TlsServerContext } from '@org/tls-core';
import { connect, createServer } from '@org/tls-core/node';
import {
  groupsOf,
  suiteOf,
  type Dialer,
  type Endpoint,
  type Identity,
  type Listener,
  type Scene,
} from '../endpoint.ts';

/** One of our backends under the sockets of `@org/tls-core/node`. */
export function ours(backend: TlsBackend): Endpoint {
  return {
    backend,
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

function optionsOf(scene: Scene): Pick<ServerConfig, 'minVersion' | 'maxVersion' | 'cipherSuites' | 'groups'> {
  const { version } = scene;
  return { minVersion: version, maxVersion: version, cipherSuites: [suiteOf(scene)], groups: groupsOf(scene) };
}
