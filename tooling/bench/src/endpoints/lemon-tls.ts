import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocketOptions } from 'lemon-tls';
import type { Endpoint, Scene } from '../endpoint.ts';

/** lemon-tls, whose functions are node:tls's. */
export const lemonTls: Endpoint = {
  async listen({ scene, identities, onSocket }) {
    const [identity, ...others] = identities;
    if (identity === undefined || others.length > 0) throw new Error('it is measured with one identity only');
    const options = { cert: identity.chain, key: identity.key, ...optionsOf(scene) };
    const server = createServer(options, (socket) => onSocket(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)); // it has no event `listening`
    return { port: (server.address() as AddressInfo).port, renew: () => undefined };
  },
  async dialer({ scene, ca }) {
    const options = { host: '127.0.0.1', servername: 'localhost', ca, ...optionsOf(scene) };
    return {
      async dial(port, { session, onSession, onread } = {}) {
        if (onread !== undefined) throw new Error('it has no `onread`');
        const socket = connect({ ...options, port, ...(session !== undefined && { session: session as Buffer }) });
        if (onSession !== undefined) socket.on('session', onSession);
        await once(socket, 'secureConnect');
        return { stream: socket, resumed: socket.isSessionReused() };
      },
    };
  },
};

function optionsOf({ version, key, group, cipher }: Scene): TLSSocketOptions {
  const suites13 = { 'aes-128-gcm': 0x1301, 'chacha20-poly1305': 0x1303 };
  const groups = { x25519: 0x001d, secp256r1: 0x0017, X25519MLKEM768: 0x11ec };
  if (group === 'X25519MLKEM768') throw new Error('it has no X25519MLKEM768');
  if (version === 'TLSv1.2' && cipher !== 'aes-128-gcm') throw new Error('it is not measured with ChaCha20 in TLS 1.2');
  const suite12 = key === 'rsa-2048' ? 0xc02f : 0xc02b;
  return {
    minVersion: version,
    maxVersion: version,
    groups: version === 'TLSv1.2' ? [groups[group], groups.secp256r1] : [groups[group]],
    allowedCipherSuites: [version === 'TLSv1.3' ? suites13[cipher] : suite12],
  };
}
