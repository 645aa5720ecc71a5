import { once } from 'node:events';
import { request as requestHttp } from 'node:http';
import type { Socket } from 'node:net';
import { createHttpClient, type HttpClientOptions } from '@org/http-client';
import { clientContext, secure, whenSecure } from '@org/tls-core/node';
import type { TlsBackend } from '@org/tls-core';
import { Agent, request, type Dispatcher } from 'undici';

/** What the stress needs of a client. */
export interface Requester {
  request(url: string, options: RequestOptions): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

export interface RequestOptions {
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** What a client is made for. */
export interface Setting {
  readonly backend: TlsBackend;
  readonly trust: string;
  readonly http: HttpVersion;
  /** The port of the proxy. */
  readonly proxy: number;
}

export type HttpVersion = '1.1' | '2';

/** How long the other side may do nothing, in milliseconds. */
const patience = 500;
const connections = 8;

/** The ways to the origin. */
export const ways = {
  direct: (setting: Setting): Requester => createHttpClient(optionsOf(setting)),
  proxied: (setting: Setting): Requester => tunnelling(setting),
  /** undici over node:tls, so that what is undici's own is not taken for ours. */
  undici: (setting: Setting): Requester => plainUndici(setting),
};
export type Way = keyof typeof ways;

function optionsOf({ backend, trust, http }: Setting): HttpClientOptions {
  return {
    tls: { backend, trust },
    allowH2: http === '2',
    connectTimeout: patience,
    handshakeTimeout: patience,
    agent: { connections, headersTimeout: patience, bodyTimeout: patience },
  };
}

function plainUndici({ trust, http }: Setting): Requester {
  const allowH2 = http === '2';
  const dispatcher = new Agent({
    allowH2,
    connections,
    connectTimeout: patience,
    headersTimeout: patience,
    bodyTimeout: patience,
    connect: { ca: trust },
  });
  return requesterOf(dispatcher);
}

/** undici's agent, with our TLS in a tunnel that node:http asks the proxy for. */
function tunnelling({ backend, trust, http, proxy }: Setting): Requester {
  const alpnProtocols = http === '2' ? ['h2', 'http/1.1'] : ['http/1.1'];
  const context = clientContext({ backend, trust });
  const dispatcher = new Agent({
    allowH2: http === '2',
    connections,
    headersTimeout: patience,
    bodyTimeout: patience,
    connect: ({ hostname, port }, done) => {
      const connecting = async (): Promise<Socket> => {
        const transport = await tunnelTo(`${hostname}:${port}`, proxy);
        const socket = secure(transport, {
          context: await context,
          serverName: hostname,
          alpnProtocols,
          handshakeTimeout: patience,
        });
        await whenSecure(socket);
        return socket;
      };
      connecting().then(
        (socket) => done(null, socket),
        (error: unknown) => done(error as Error, null),
      );
    },
  });
  return requesterOf(dispatcher);
}

function requesterOf(dispatcher: Dispatcher): Requester {
  return {
    request: (url, options) => request(url, { ...options, dispatcher }),
    close: () => dispatcher.close(),
  };
}

async function tunnelTo(path: string, port: number): Promise<Socket> {
  const asked = requestHttp({ method: 'CONNECT', path, port, host: '127.0.0.1', agent: false, timeout: patience });
  asked.on('timeout', () => asked.destroy(new Error('the proxy does not answer'))).end();
  const [{ statusCode }, transport] = (await once(asked, 'connect')) as [
    { readonly statusCode: number },
    Socket,
    Buffer,
  ];
  transport.setTimeout(0);
  if (statusCode === 200) return transport;
  transport.destroy();
  throw new Error(`the proxy answers with ${statusCode}`);
}
