import type { lookup, LookupAddress } from 'node:dns';
import { once } from 'node:events';
import net from 'node:net';
import { TLSSocket } from 'node:tls';
import type { TestCertificate } from '@org/pki';
import { Socks5Server } from '@pondwader/socks5-server';
import { Server, type PrepareRequestFunctionOpts } from 'proxy-chain';
import { listen, type TestServer } from './servers.ts';

/** A proxy of somebody else's, and what it was asked for. */
export interface TestProxy extends AsyncDisposable {
  readonly port: number;
  /** Where it was to connect to, e.g. `localhost:8443`. */
  readonly asked: string[];
  /** Who it was told to be talking to. */
  readonly users: string[];
  /** The fields of each CONNECT. */
  readonly heads: NodeJS.Dict<string | string[]>[];
  /** Whose certificate it was shown by each CONNECT, where it is secured. */
  readonly certificates: (string | undefined)[];
}

interface ProxySetUp {
  /** Secures what is said to the proxy. */
  readonly identity?: TestCertificate;
  /** The credentials that it wants, as `user:password`. */
  readonly login?: string;
}

/** proxy-chain, which finds every name that ends in `.test` on this machine. */
export async function startHttpProxy({ identity, login }: ProxySetUp = {}): Promise<TestProxy> {
  const told = {
    asked: [] as string[],
    users: [] as string[],
    heads: [] as TestProxy['heads'],
    certificates: [] as TestProxy['certificates'],
  };
  const common = {
    port: 0,
    host: '127.0.0.1',
    prepareRequestFunction: ({ request, hostname, port, username, password }: PrepareRequestFunctionOpts) => {
      told.asked.push(`${hostname}:${port}`);
      told.users.push(`${username}:${password}`);
      told.heads.push(request.headers);
      if (request.socket instanceof TLSSocket)
        told.certificates.push(request.socket.getPeerCertificate().subjectaltname);
      return {
        requestAuthentication: login !== undefined && `${username}:${password}` !== login,
        dnsLookup: lookupHere as typeof lookup,
      };
    },
  };
  const server =
    identity === undefined
      ? new Server(common)
      : new Server({
          ...common,
          serverType: 'https',
          httpsOptions: {
            cert: identity.chainPem,
            key: identity.privateKeyPem,
            requestCert: true,
            rejectUnauthorized: false,
          },
        });
  await server.listen();
  return { ...told, port: server.port, [Symbol.asyncDispose]: () => server.close(true) };
}

/** A server of SOCKS5, which finds every name that ends in `.test` on this machine. */
export async function startSocksProxy({ login }: ProxySetUp = {}): Promise<TestProxy> {
  const [asked, users]: [string[], string[]] = [[], []];
  const socks = new Socks5Server();
  if (login !== undefined) socks.setAuthHandler(({ username, password }) => `${username}:${password}` === login);
  socks.setConnectionHandler(({ socket, destAddress, destPort, username, password }, sendStatus) => {
    asked.push(`${destAddress}:${destPort}`);
    if (username !== undefined) users.push(`${username}:${password}`);
    socket.on('error', () => undefined);
    const onward = net.connect({ host: destAddress, port: destPort, lookup: lookupHere as net.LookupFunction });
    onward.on('error', () => (onward.pending ? sendStatus('CONNECTION_REFUSED') : socket.destroy()));
    onward.on('connect', () => {
      sendStatus('REQUEST_GRANTED');
      socket.pipe(onward).pipe(socket);
    });
    socket.on('close', () => onward.destroy());
  });
  // oxlint-disable-next-line no-underscore-dangle -- the library's own way to take a connection of somebody else's server
  const server = await listen(net.createServer((socket) => void socks._handleConnection(socket)));
  return { ...server, asked, users, heads: [], certificates: [] };
}

/** A proxy of the test's own. */
export interface ScriptedProxy extends TestServer {
  /** Waits until every connection that was made so far is closed. */
  readonly closed: () => Promise<unknown>;
}

/** Starts a proxy that is given each connection and what was said first. */
export async function startScriptedProxy(answer: (socket: net.Socket, head: string) => void): Promise<ScriptedProxy> {
  const closing: Promise<unknown>[] = [];
  const server = net.createServer((socket) => {
    closing.push(once(socket, 'close').catch(() => undefined));
    socket.once('data', (chunk) => answer(socket, chunk.toString('latin1')));
    // What flows lets the end of the other side be seen.
    socket.resume();
  });
  return { ...(await listen(server)), closed: () => Promise.all(closing) };
}

type Found = (error: null, address: string | LookupAddress[], family?: number) => void;

/** Finds every name on this machine. */
function lookupHere(_name: string, options: { readonly all?: boolean }, done: Found): void {
  if (options.all === true) done(null, [{ address: '127.0.0.1', family: 4 }]);
  else done(null, '127.0.0.1', 4);
}
