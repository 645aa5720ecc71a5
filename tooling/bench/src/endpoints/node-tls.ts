import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { Dialer, DialerOptions, Endpoint, Identity, Listener, ListenOptions, Scene } from '../endpoint.ts';

export const nodeTls: Endpoint = { listen, dialer };

async function listen({ scene, identities, onSocket }: ListenOptions): Promise<Listener> {
  const same = optionsOf(scene);
  const contextOf = ({ chain, key }: Identity): tls.SecureContext =>
    tls.createSecureContext({ cert: chain, key, ...same });
  const [first = noIdentity()] = identities;
  let contexts = identities.length > 1 ? identities.map(contextOf) : [];
  let turn = 0;
  const server = tls.createServer(
    {
      cert: first.chain,
      key: first.key,
      ...same,
      ...(contexts.length > 0 && {
        SNICallback: (_, answer) => answer(null, contexts[(turn += 1) % contexts.length]),
      }),
    },
    onSocket,
  );
  server.listen({ host: '127.0.0.1', port: 0, backlog: 2048 });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    renew(renewed) {
      contexts = renewed.map(contextOf);
    },
  };
}

async function dialer({ scene, ca }: DialerOptions): Promise<Dialer> {
  const secureContext = tls.createSecureContext({ ca, ...optionsOf(scene) });
  return {
    async dial(port, { session, onSession, onread } = {}) {
      const socket = tls.connect({
        host: '127.0.0.1',
        port,
        servername: 'localhost',
        secureContext,
        ...(session !== undefined && { session: session as Buffer }),
        ...(onread !== undefined && { onread: onread as { buffer: Buffer; callback: () => boolean } }),
      });
      if (onSession !== undefined) socket.on('session', onSession);
      socket.setNoDelay(true);
      await once(socket, 'secureConnect');
      return { stream: socket, resumed: socket.isSessionReused() };
    },
  };
}

function optionsOf({ version, key, group }: Scene): tls.SecureContextOptions & { readonly noDelay: true } {
  const suite12 = key === 'rsa-2048' ? 'ECDHE-RSA-AES128-GCM-SHA256' : 'ECDHE-ECDSA-AES128-GCM-SHA256';
  return {
    minVersion: version,
    maxVersion: version,
    ciphers: version === 'TLSv1.3' ? 'TLS_AES_128_GCM_SHA256' : suite12,
    ecdhCurve: group === 'x25519' ? 'X25519' : group,
    noDelay: true,
  };
}

function noIdentity(): never {
  throw new Error('a server needs an identity');
}
