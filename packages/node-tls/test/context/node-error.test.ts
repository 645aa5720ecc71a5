import { once } from 'node:events';
import {
  connect as connectTcp,
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import * as nodeTls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { AlertDescription, TlsError } from '@org/tls-core';
import { nodeError } from '../../src/node-error.ts';
import * as ours from '../../src/index.ts';
import { backends, leaf, root } from '../support.ts';

/** What programs look at. OpenSSL's words stand in the line between its function and its source file, which are not compared. */
interface Seen {
  readonly code: unknown;
  readonly reason: unknown;
  readonly library: unknown;
  readonly syscall: unknown;
  readonly words: string;
}

function seen(error: Error): Seen {
  const { code, reason, library, syscall } = error as Error & Readonly<Record<string, unknown>>;
  // drops a thread's number before the line, the function, and the source file with its line
  const words = error.message
    .replace(/^[0-9A-F]{8,}:/u, '')
    .replace(/(SSL routines):[^:]*:/u, '$1::')
    .replace(/:\.\.[^:]*:\d+:/u, ':')
    .replace(/:?\n?$/u, '');
  return { code, reason, library, syscall, words };
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

type Tls = Pick<typeof nodeTls, 'connect' | 'createServer'>;

/** What a client says to a server that does not do TLS as it should. */
async function clientError(tls: Tls, misbehave: (socket: Socket) => void, options: object): Promise<Seen> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => misbehave(socket));
  });
  const port = await listening(server);
  const client = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  const [error] = (await once(client, 'error')) as [Error];
  server.close();
  return seen(error);
}

/** What a server says of a client that does not do TLS as it should. */
async function serverError(tls: Tls, misbehave: (socket: Socket) => void, options: object): Promise<Seen> {
  const server = tls.createServer({ cert: leaf.chainPem, key: leaf.privateKeyPem, ...options });
  const failed = once(server, 'tlsClientError') as Promise<[Error]>;
  const client = connectTcp(await listening(server), '127.0.0.1', () => misbehave(client));
  client.on('error', () => undefined);
  const [error] = await failed;
  client.destroy();
  server.close();
  return seen(error);
}

interface Both {
  readonly client: Seen | undefined;
  readonly server: Seen | undefined;
}

/** What both say where they have too little in common. The other side is always the real node:tls. */
async function bothErrors(client: Tls, server: Tls, options: { client: object; server: object }): Promise<Both> {
  const listener = server.createServer({ cert: leaf.chainPem, key: leaf.privateKeyPem, ...options.server });
  const failed = once(listener, 'tlsClientError') as Promise<[Error]>;
  const port = await listening(listener);
  const socket = client.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options.client });
  const [[clientSide], [serverSide]] = await Promise.all([once(socket, 'error') as Promise<[Error]>, failed]);
  listener.close();
  return { client: seen(clientSide), server: seen(serverSide) };
}

const alerts = Object.values(AlertDescription).filter(
  (alert) => alert !== AlertDescription.closeNotify && alert !== 121,
);
const alertRecord = (alert: number): Buffer => Buffer.of(21, 3, 3, 0, 2, 2, alert);

const badServers: Readonly<Record<string, (socket: Socket) => void>> = {
  'plain HTTP': (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  SSH: (socket) => socket.end('SSH-2.0-x\r\n'),
  'the end of the connection': (socket) => socket.end(),
  'a reset': (socket) => socket.resetAndDestroy(),
};

const badClients: Readonly<Record<string, (socket: Socket) => void>> = {
  'plain HTTP': (socket) => socket.write('GET / HTTP/1.1\r\n\r\n'),
  'plain HTTP to a proxy': (socket) => socket.write('CONNECT localhost:443 HTTP/1.1\r\n\r\n'),
  'other text': (socket) => socket.write('EHLO localhost\r\n'),
  zeros: (socket) => socket.write(Buffer.alloc(64)),
  'the end of the connection': (socket) => socket.end(),
};

const misfits: Readonly<Record<string, { readonly client: object; readonly server: object }>> = {
  'a newer version': { client: { maxVersion: 'TLSv1.2' }, server: { minVersion: 'TLSv1.3' } },
  'an older version': { client: { minVersion: 'TLSv1.3' }, server: { maxVersion: 'TLSv1.2' } },
  'another suite': {
    client: { ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384', maxVersion: 'TLSv1.2' },
    server: { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
  },
  'another suite of TLS 1.3': {
    client: { ciphers: 'TLS_AES_256_GCM_SHA384' },
    server: { ciphers: 'TLS_AES_128_GCM_SHA256' },
  },
  'another group': { client: { ecdhCurve: 'X25519' }, server: { ecdhCurve: 'P-384' } },
  'another kind of key': { client: { sigalgs: 'RSA-PSS+SHA256' }, server: {} },
  'a key that its own sigalgs do not fit': { client: {}, server: { sigalgs: 'RSA-PSS+SHA256' } },
  'another protocol': { client: { ALPNProtocols: ['a'] }, server: { ALPNProtocols: ['b'] } },
  'nothing to prove itself with': { client: {}, server: { cert: undefined, key: undefined } },
  'no certificate': {
    client: { maxVersion: 'TLSv1.2' },
    server: { requestCert: true, rejectUnauthorized: true, ca: root.certificatePem },
  },
};

describe.each(backends)('%s', (_name, backend) => {
  const tls = {
    connect: (options: object) => ours.connect({ ...options, backend }),
    createServer: (options: object) => ours.createServer({ ...options, backend }),
  } as unknown as Tls;

  it.each(Object.entries(badServers))('a client says what Node’s says of %s', async (_, misbehave) => {
    expect(await clientError(tls, misbehave, {})).toEqual(await clientError(nodeTls, misbehave, {}));
  });

  it.each(alerts)('a client says what Node’s says of the alert %i', async (alert) => {
    const send = (socket: Socket): void => void socket.end(alertRecord(alert));
    expect(await clientError(tls, send, {})).toEqual(await clientError(nodeTls, send, {}));
  });

  it.each(Object.entries(badClients))('a server says what Node’s says of %s', async (_, misbehave) => {
    expect(await serverError(tls, misbehave, {})).toEqual(await serverError(nodeTls, misbehave, {}));
  });

  it('a server says what Node’s says of silence', async () => {
    const options = { handshakeTimeout: 20 };
    const wait = (): void => undefined;
    expect(await serverError(tls, wait, options)).toEqual(await serverError(nodeTls, wait, options));
  });

  it.each(Object.entries(misfits))('both sides say what Node’s say where the other has %s', async (_, options) => {
    const byNode = await bothErrors(nodeTls, nodeTls, options);
    expect((await bothErrors(nodeTls, tls, options)).server).toEqual(byNode.server);
    expect((await bothErrors(tls, nodeTls, options)).client).toEqual(byNode.client);
  });
});

describe('what Node has no error for', () => {
  it('stays as it is', () => {
    const error = new TlsError('ERR_TLS_UNSUPPORTED', 'x', { option: 'y' });
    expect(nodeError(error)).toBe(error);
  });

  it('is the platform’s error where the connection below failed', () => {
    const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    expect(nodeError(new TlsError('ERR_TLS_TRANSPORT', 'x', { cause }))).toBe(cause);
  });
});
