import type { Agent as NodeAgent, AgentOptions, RequestOptions, Server as NodeServer, ServerOptions } from 'node:https';
import type { ClientRequest, IncomingMessage, RequestListener } from 'node:http';
import type { TlsBackend } from '@org/tls-core';
import { builtin } from './builtin.ts';
import { serverOverTls } from './server/over-tls.ts';
import { connect, type ConnectOptions } from './socket/connect.ts';
import type { TLSSocket } from './socket/tls-socket.ts';

export type * from 'node:https';
// oxlint-disable-next-line import/no-default-export, import/no-self-import -- the default of Node’s module is the module, types and all
export * as default from './https.ts';

/** Says which backend the connections use. */
interface OverBackend {
  readonly backend?: TlsBackend | undefined;
}

/** Node's https.Server over any backend. */
export const Server = serverOverTls(builtin.https.Server as never, () => ['http/1.1']) as unknown as new (
  options?: (ServerOptions & OverBackend) | RequestListener,
  listener?: RequestListener,
) => NodeServer;
export type Server = NodeServer;

/** Makes a server of HTTPS, which does not listen yet. */
export function createServer(
  options?: (ServerOptions & OverBackend) | RequestListener,
  listener?: RequestListener,
): Server {
  return new Server(options, listener);
}

/** What Node's agent has beside its documented methods. */
interface SessionCache {
  _getSession(key: string): Buffer | undefined;
  _cacheSession(key: string, session: Buffer): void;
  _evictSession(key: string): void;
}

/** Node's https.Agent over any backend. */
export class Agent extends builtin.https.Agent {
  // oxlint-disable-next-line no-useless-constructor -- it is there for its type
  constructor(options?: AgentOptions & OverBackend) {
    super(options);
  }

  override createConnection(given: object): TLSSocket {
    const options = given as ConnectOptions & { readonly _agentKey?: string };
    const { _agentKey: key } = options;
    const cache = this as unknown as SessionCache;
    const session = key === undefined ? undefined : cache._getSession(key);
    const socket = connect({ ...(session !== undefined && { session }), ...options });
    if (key === undefined) return socket;
    socket.on('session', (fresh: Buffer) => cache._cacheSession(key, fresh));
    socket.once('close', (isFailed: boolean) => {
      if (isFailed) cache._evictSession(key);
    });
    return socket;
  }
}

/** The agent of requests that do not name one. */
export const globalAgent: NodeAgent = new Agent({ keepAlive: true, timeout: 5000 });

type Target = string | URL | (RequestOptions & OverBackend);
type OnResponse = (response: IncomingMessage) => void;

/** Makes a request of HTTPS, which the caller ends. An agent of Node's, where one is given, uses Node's TLS. */
export function request(
  target: Target,
  options?: (RequestOptions & OverBackend) | OnResponse,
  listener?: OnResponse,
): ClientRequest {
  if (typeof target !== 'string' && !(target instanceof URL))
    return builtin.https.request(withAgent(target), options as OnResponse);
  if (typeof options === 'function') return builtin.https.request(target, withAgent({}), options);
  return builtin.https.request(target, withAgent(options), listener);
}

/** Makes a request without a body. */
export function get(
  target: Target,
  options?: (RequestOptions & OverBackend) | OnResponse,
  listener?: OnResponse,
): ClientRequest {
  const made = request(target, options, listener);
  made.end();
  return made;
}

/** Names our agent where none is named: `undefined` and `false` would mean Node's. */
function withAgent(options: (RequestOptions & OverBackend) | undefined): RequestOptions {
  const { agent } = options ?? {};
  if (agent === false) return { ...options, agent: new Agent() };
  return { ...options, agent: agent ?? globalAgent };
}
