import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import {
  groupsOf,
  suiteOf,
  type Dialer,
  type DialerOptions,
  type Endpoint,
  type Identity,
  type Listener,
  type ListenOptions,
  type Scene,
} from '../endpoint.ts';

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

function optionsOf(scene: Scene): tls.SecureContextOptions & { readonly noDelay: true } {
  const { version } = scene;
  const suite = suiteOf(scene);
  return {
    minVersion: version,
    maxVersion: version,
    ciphers: version === 'TLSv1.3' ? suite : opensslName(suite),
    ecdhCurve: groupsOf(scene)
      .map((group) => opensslGroups[group])
      .join(':'),
    noDelay: true,
  };
}

/** OpenSSL has names of its own for the suites of TLS 1.2. */
function opensslName(suite: string): string {
  return suite
    .replace('TLS_', '')
    .replace('_WITH', '')
    .replace('AES_128', 'AES128')
    .replace('POLY1305_SHA256', 'POLY1305')
    .replaceAll('_', '-');
}

const opensslGroups: Readonly<Record<Scene['group'], string>> = {
  x25519: 'X25519',
  X25519MLKEM768: 'X25519MLKEM768',
  secp256r1: 'prime256v1',
};

function noIdentity(): never {
  throw new Error('a server needs an identity');
}
