import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { connect as dialNet, createServer as createNetServer, type AddressInfo, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import tls, { type TLSSocket } from 'node:tls';
import { createRoot, type TestCertificate } from '@org/pki';
import {
  connectHttp2,
  createHttpsAgent,
  createHttpsServer,
  type HttpsRequest,
  type HttpsResponse,
  type HttpsServer,
  type HttpsServerOptions,
} from '@org/tls-core/http';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import { describe, expect, it } from 'vitest';

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost', '127.0.0.1'] });
const client = await root.issue({ names: ['client.example'] });
const identity = { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem };
const trust = root.certificatePem;
const ours = [
  ['pure', createPure()],
  ['native', createNative()],
] as const;

describe.each(ours)('an HttpsServer over %s', (_name, backend) => {
  const start = (
    options: Partial<HttpsServerOptions> = {},
    listener?: (request: HttpsRequest, response: HttpsResponse) => void,
  ): Promise<HttpsServer> => startServer({ tls: { backend, identity }, ...options }, listener ?? tellSecurity);

  it('speaks both versions of HTTP with node:https and node:http2', async () => {
    await using server = await start();
    expect(await get(server)).toMatchObject({ version: '1.1', encrypted: true });
    const session = http2.connect(originOf(server), { ca: trust });
    expect(JSON.parse(await text(session.request({ ':path': '/' })))).toMatchObject({
      version: '2.0',
      encrypted: true,
    });
    await closeSession(session);
  });

  it.each(['1.1', '2.0'])('shows who the client of HTTP/%s is', async (version) => {
    const config = { backend, identity, clientAuthentication: 'require', clientTrust: trust } as const;
    await using server = await start({ tls: config });
    const credentials = { ca: trust, cert: client.chainPem, key: client.privateKeyPem };
    const answer = await (version === '1.1'
      ? get(server, { ...credentials, agent: new https.Agent({ ALPNProtocols: ['http/1.1'], ...credentials }) })
      : getHttp2(server, credentials));
    expect(answer).toEqual({
      version,
      encrypted: true,
      authorized: true,
      alpnProtocol: version === '1.1' ? 'http/1.1' : 'h2',
      ...(version === '2.0' && { sessionIsEncrypted: true }),
      protocol: 'TLSv1.3',
      peer: client.certificateDer.length,
      remoteAddress: '127.0.0.1',
    });
  });

  it('cuts a slow request at headersTimeout', async () => {
    await using server = await start({ http1: { headersTimeout: 50, connectionsCheckingInterval: 20 } });
    const socket = tls.connect({ port: portOf(server), host: '127.0.0.1', servername: 'localhost', ca: trust });
    await once(socket, 'secureConnect');
    socket.write('GET / HTTP/1.1\r\nHos');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('ends a connection of HTTP/2 on which nothing comes or goes', async () => {
    await using server = await start({ http2IdleTimeout: 20 });
    const session = http2.connect(originOf(server), { ca: trust });
    await once(session, 'close');
    expect(session.destroyed).toBe(true);
  });

  it('destroys a connection of HTTP/2 whose request stalls', async () => {
    await using server = await start({ http2IdleTimeout: 20 }, () => undefined);
    const session = http2.connect(originOf(server), { ca: trust });
    session.on('error', () => undefined);
    const stream = session.request({ ':path': '/' });
    stream.on('error', () => undefined);
    await once(stream, 'close');
    expect(stream.readableEnded).toBe(false);
    if (!session.closed) await once(session, 'close');
  });

  it('is closed once its connections of either version are done', async () => {
    await using server = await start();
    const agent = new https.Agent({ keepAlive: true, ca: trust });
    const session = http2.connect(originOf(server), { ca: trust });
    await Promise.all([get(server, { agent }), text(session.request({ ':path': '/' }))]);
    server.close();
    await Promise.all([once(server, 'close'), once(session, 'close')]);
    expect(server.listening).toBe(false);
    agent.destroy();
  });

  it('offers HTTP/1.1 alone where it is told so', async () => {
    await using server = await start({ http2: false });
    const socket = tls.connect({
      port: portOf(server),
      host: '127.0.0.1',
      servername: 'localhost',
      ca: trust,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe('http/1.1');
    expect(server.http2).toBeUndefined();
    socket.destroy();
  });

  it('hands an upgrade on with what came behind it', async () => {
    await using server = await start();
    server.on('upgrade', (_request, socket, head: Buffer) => {
      socket.end(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n${head.toString()}`);
    });
    const socket = tls.connect({ port: portOf(server), host: '127.0.0.1', servername: 'localhost', ca: trust });
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nahead');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 101 .*\r\n\r\nahead$/s);
  });

  it('outlives a client that talks no TLS, and tells of it', async () => {
    await using server = await start();
    const told = once(server, 'tlsClientError');
    const socket = dialNet(portOf(server), '127.0.0.1').on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    expect((await told)[0]).toMatchObject({ code: 'ERR_TLS_NOT_TLS' });
    expect(await get(server)).toMatchObject({ version: '1.1' });
    socket.destroy();
  });
});

describe.each(ours)('an HttpsAgent over %s', (_name, backend) => {
  const config = { backend, trust };

  it('carries requests of node:https, and keeps their connection', async () => {
    await using server = await startNodeServer();
    const agent = await createHttpsAgent({ tls: config, keepAlive: true, maxSockets: 1 });
    const answers = await Promise.all([get(server, { agent }), get(server, { agent }), get(server, { agent })]);
    expect(answers.map(({ version }) => version)).toEqual(['1.1', '1.1', '1.1']);
    expect(server.accepted()).toBe(1);
    agent.destroy();
  });

  it('counts connections that are being made for maxSockets', async () => {
    await using server = await startNodeServer();
    const agent = await createHttpsAgent({ tls: config, maxSockets: 2 });
    await Promise.all(Array.from({ length: 6 }, () => get(server, { agent })));
    expect(server.most()).toBe(2);
    agent.destroy();
  });

  it('fails a request as the handshake failed', async () => {
    await using server = await startNodeServer();
    const stranger = await createRoot();
    const agent = await createHttpsAgent({ tls: { backend, trust: stranger.certificatePem } });
    await expect(get(server, { agent })).rejects.toMatchObject({ code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER' });
    agent.destroy();
  });

  it('has the host of the URL proven, whatever a Host header says, or the name that it was given', async () => {
    await using server = await startNodeServer(await root.issue({ names: ['internal.example'] }));
    const agent = await createHttpsAgent({ tls: config });
    const headers = { host: 'internal.example' };
    await expect(get(server, { agent, headers })).rejects.toMatchObject({ code: 'ERR_TLS_CERTIFICATE_NAME' });
    const named = await createHttpsAgent({ tls: config, serverName: 'internal.example' });
    expect(await get(server, { agent: named })).toMatchObject({ version: '1.1' });
  });

  it('tells a request of its time-out while the connection is being made', async () => {
    const server = createNetServer((socket) => void socket.resume()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const agent = await createHttpsAgent({ tls: config });
    const request = https.get({ host: 'localhost', port: portOf(server), agent, timeout: 20 });
    request.on('error', () => undefined);
    await once(request, 'timeout');
    expect(request.destroyed).toBe(false);
    request.destroy();
    server.close();
    await once(server, 'close');
  });

  it.each(['ca', 'cert', 'key', 'checkServerIdentity', 'minVersion'])('refuses a request with %s', async (option) => {
    const agent = await createHttpsAgent({ tls: config });
    expect(() => https.get({ host: 'localhost', port: 1, agent, [option]: 'some' })).toThrow(TypeError);
    expect(() => https.get({ host: 'localhost', port: 1, agent, rejectUnauthorized: false })).toThrow(TypeError);
  });

  it('refuses a request with ca also where a connection is there already', async () => {
    await using server = await startNodeServer();
    const agent = await createHttpsAgent({ tls: config, keepAlive: true });
    await get(server, { agent });
    expect(() => https.get({ host: 'localhost', port: portOf(server), agent, ca: 'some' })).toThrow(TypeError);
    agent.destroy();
  });

  it.each([{ trust }, { ca: trust }, { rejectUnauthorized: false }, { backend: 'pure' }])(
    'refuses what stands beside the tls of an agent and not in it: %o',
    async (misplaced) => {
      await expect(createHttpsAgent({ tls: config, ...misplaced })).rejects.toThrow(TypeError);
    },
  );

  it('takes a request that says what holds anyway, as got does', async () => {
    await using server = await startNodeServer();
    const agent = await createHttpsAgent({ tls: config });
    const said = { rejectUnauthorized: true, checkServerIdentity: tls.checkServerIdentity };
    expect(await get(server, { agent, ...said })).toMatchObject({ version: '1.1' });
    agent.destroy();
  });

  it('connectHttp2 gives a session that tells how it is secured', async () => {
    await using server = await startNodeServer();
    const session = await connectHttp2({ host: 'localhost', port: portOf(server), tls: config });
    expect(session).toMatchObject({ encrypted: true, alpnProtocol: 'h2' });
    const { socket } = session as { readonly socket: TLSSocket };
    expect(socket.getPeerCertificate().raw).toEqual(Buffer.from(leaf.certificateDer));
    expect(JSON.parse(await text(session.request({ ':path': '/' })))).toMatchObject({ version: '2.0' });
    await closeSession(session);
  });

  it('connectHttp2 refuses a server that speaks no HTTP/2', async () => {
    await using server = await startNodeServer(leaf, (options) => tls.createServer(options));
    await expect(connectHttp2({ host: 'localhost', port: portOf(server), tls: config })).rejects.toMatchObject({
      code: 'ERR_TLS_NO_APPLICATION_PROTOCOL',
    });
  });
});

/** What a server's handler sees of a request's connection. */
interface Answer {
  readonly version: string;
}

function tellSecurity(request: HttpsRequest, response: HttpsResponse): void {
  const socket = request.socket as TLSSocket;
  const session = 'stream' in request ? request.stream.session : undefined;
  const answer = {
    version: request.httpVersion,
    encrypted: socket.encrypted,
    authorized: socket.authorized,
    alpnProtocol: socket.alpnProtocol,
    sessionIsEncrypted: session?.encrypted,
    protocol: socket.getProtocol(),
    peer: socket.getPeerCertificate().raw?.length,
    remoteAddress: socket.remoteAddress,
  };
  (response as { end(text: string): unknown }).end(JSON.stringify(answer));
}

async function startServer(
  options: HttpsServerOptions,
  listener: (request: HttpsRequest, response: HttpsResponse) => void,
): Promise<HttpsServer> {
  const server = await createHttpsServer(options, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A server of Node's own that speaks both versions. */
interface NodeServer extends Server {
  /** How many connections it has accepted, and how many it had at most. */
  readonly accepted: () => number;
  readonly most: () => number;
}

async function startNodeServer(
  { chainPem, privateKeyPem }: TestCertificate = leaf,
  create: (options: object, listener: (request: HttpsRequest, response: HttpsResponse) => void) => Server = (...made) =>
    http2.createSecureServer(...made),
): Promise<NodeServer> {
  const server = create({ cert: chainPem, key: privateKeyPem, allowHTTP1: true }, tellSecurity);
  let [accepted, open, most] = [0, 0, 0];
  server.on('connection', (socket) => {
    accepted += 1;
    open += 1;
    most = Math.max(most, open);
    socket.on('error', () => undefined).once('close', () => (open -= 1));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.close();
    (server as Partial<https.Server>).closeAllConnections?.();
    await once(server, 'close');
  };
  return Object.assign(server, { accepted: () => accepted, most: () => most, [Symbol.asyncDispose]: close });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function originOf(server: Server): string {
  return `https://localhost:${portOf(server)}`;
}

/** Asks by node:https, over node:tls unless there is an agent. */
async function get(server: Server, options: https.RequestOptions = {}): Promise<Answer> {
  const request = https.get({
    host: 'localhost',
    port: portOf(server),
    ...(options.agent ? {} : { ca: trust }),
    ...options,
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return JSON.parse(await text(response)) as Answer;
}

async function getHttp2(server: Server, options: http2.SecureClientSessionOptions): Promise<Answer> {
  const session = http2.connect(originOf(server), options);
  const answer = JSON.parse(await text(session.request({ ':path': '/' }))) as Answer;
  await closeSession(session);
  return answer;
}

async function closeSession(session: http2.ClientHttp2Session): Promise<void> {
  session.close();
  if (!session.destroyed) await once(session, 'close');
}
