import { createHttpClient, type HttpClientOptions } from '@org/http-client';
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
  proxied: (setting: Setting): Requester =>
    createHttpClient({ ...optionsOf(setting), proxy: `http://127.0.0.1:${setting.proxy}` }),
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

function requesterOf(dispatcher: Dispatcher): Requester {
  return {
    request: (url, options) => request(url, { ...options, dispatcher }),
    close: () => dispatcher.close(),
  };
}
