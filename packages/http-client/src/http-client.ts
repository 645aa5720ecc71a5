import { setMaxListeners } from 'node:events';
import { TlsError, type SessionStore } from '@org/tls-core';
import { optionNames, ownOptions, propertyOf } from '@org/tls-core/backend';
import type { ClientTls } from '@org/tls-core/config';
import type { Dispatcher, Response } from 'undici';
import { readAgentOptions, type AgentOptions } from './agent-options.ts';
import type { AnyRequest } from './foreign-body.ts';
import { keptSessions } from './kept-sessions.ts';
import { proxyAuthorizationInterceptor } from './proxy-authorization.ts';
import { readFeatures } from './requests/call-settings.ts';
import { Calls, type HttpFetchInit, type HttpRequestOptions } from './requests/calls.ts';
import type { RequestFeatures } from './requests/request-features.ts';
import {
  connectingPhaseOf,
  recordSecurity,
  securityInterceptor,
  securityOf,
  securityOfRequest,
} from './response-security.ts';
import { createRoutes } from './routes/open-route.ts';
import { readOrigins, type OriginOptions } from './routes/origins.ts';
import type { ProxyOption } from './routes/way.ts';
import { SecuredPools } from './secured-pools.ts';
import { securityBeforeCache } from './security-before-cache.ts';
import { createConnector } from './tls-connector.ts';
import { repeatUnprocessed } from './unprocessed-requests.ts';
import { Agent } from './undici.ts';

export interface HttpClientOptions extends RequestFeatures {
  /**
   * A context, or a configuration with a backend as a value or by name. Default: the backend that the environment or the configuration file
   * names, else `native` where it loads, else `pure`.
   */
  readonly tls?: ClientTls;
  /** Offer HTTP/2 by ALPN and share its connections; default `false`. */
  readonly allowH2?: boolean;
  /**
   * The proxy that connections go through, or how it is chosen: `environment` (see `environmentProxy`), `none`, a URL, a URL with what belongs to
   * it, or a function of the origin. Default: `environment`. There is a tunnel to `http:` origins, too.
   */
  readonly proxy?: ProxyOption;
  /** The path of a Unix domain socket, or the name of a pipe, that all connections are made to. */
  readonly socketPath?: string;
  /** What is different for some origins: `{ 'https://192.0.2.1:8443': { serverName: 'internal.example' } }`. */
  readonly origins?: Readonly<Record<string, OriginOptions>>;
  /**
   * Let requests of `fetch` and `request` go to `http:` URLs; default `false`. A redirect from `https:` to `http:` is refused in any
   * case, and so is `http:` through `dispatcher`, where a redirect cannot be told from a request.
   */
  readonly allowHttp?: boolean;
  /**
   * How long the whole way to the origin's TCP port may take, with a proxy's handshake and its answer, in milliseconds; 0 means no limit.
   * Default: 10,000.
   */
  readonly connectTimeout?: number;
  /** How long the TLS handshake may take from the TCP connection on, in milliseconds. */
  readonly handshakeTimeout?: number;
  /** undici's interceptors, the innermost first, e.g. `interceptors.retry()`, `interceptors.redirect()`. */
  readonly interceptors?: readonly Dispatcher.DispatcherComposeInterceptor[];
  readonly agent?: AgentOptions;
  /**
   * Keeps the sessions that later connections resume. Default: memory of this client, with the bounds of `MemorySessionStore`. The key of a
   * session has the origin, the name that is proven and the route in it. With false, that is left to a context that has a store.
   */
  readonly sessionStore?: SessionStore | false;
  /**
   * Sends GET, HEAD and OPTIONS without a body as early data where a session allows it (RFC 8446 §2.3, RFC 8470); default `false`. Anybody
   * who saw such a request can send it again.
   */
  readonly earlyData?: boolean;
}

/** An HTTP client whose connections are secured by one backend. */
export interface HttpClient extends AsyncDisposable {
  /**
   * The Fetch standard's `fetch`. Rejects with a `TypeError` whose `cause` is the `TlsError` when TLS is the reason; so does
   * reading a body whose connection was cut. It takes the runtime's own `Request` and `FormData` as well as undici's.
   */
  fetch(input: AnyRequest, init?: HttpFetchInit): Promise<Response>;
  /**
   * undici's `request`: less than `fetch`, and faster. It follows redirects where `redirect` is `follow`. Rejects with the `TlsError` itself.
   */
  request(url: string | URL, options?: HttpRequestOptions): Promise<Dispatcher.ResponseData>;
  /** A dispatcher for all else that undici does, such as `stream`, `pipeline`, `upgrade` and `WebSocket`; it works over TLS only. */
  readonly dispatcher: Dispatcher;
  /** Waits for the requests that are under way, then closes all connections. Idempotent. */
  close(): Promise<void>;
  /** Ends all requests and connections now. The requests reject with `reason`, if it is given. Idempotent. */
  destroy(reason?: Error): Promise<void>;
}

/**
 * Makes a client. Requests share its connections: by keep-alive of HTTP/1.1, or as streams of HTTP/2 with `allowH2`. A body that ended by
 * its length is whole without close_notify; one that ends with its connection is not (RFC 9112 §9.8).
 * @throws TypeError on an unknown option, also of `agent`
 * @throws TlsError `ERR_TLS_CONFIG` on a name that cannot be verified, or a proxy that cannot be, also of the environment; `ERR_TLS_CONFIG`, `ERR_TLS_UNSUPPORTED` or `ERR_TLS_IDENTITY` when
 *   `tls` holds a backend value that refuses the configuration; with a backend by name the first request rejects with it
 */
export function createHttpClient(given: HttpClientOptions = {}): HttpClient {
  const options = ownOptions(given, knownOptions);
  const agentOptions = readAgentOptions(options.agent);
  const connecting = new AbortController();
  setMaxListeners(0, connecting.signal);
  const allowH2 = options.allowH2 ?? false;
  const { tls, proxy, socketPath, origins } = options;
  const settingsOf = readOrigins({ tls, proxy, socketPath, origins });
  const connector = createConnector({
    settingsOf,
    allowH2,
    allowHttp: options.allowHttp ?? false,
    openRoute: createRoutes(settingsOf, options.connectTimeout),
    sessionsOf: keptSessions(options.sessionStore),
    earlyData: options.earlyData ?? false,
    handshakeTimeout: options.handshakeTimeout,
    signal: connecting.signal,
  });
  const pools = new SecuredPools(connector);
  const agent = new Agent({
    ...agentOptions,
    allowH2,
    factory: pools.create,
  });
  const dispatcher = agent.compose(
    proxyAuthorizationInterceptor,
    securityInterceptor,
    repeatUnprocessed,
    ...(options.interceptors ?? []),
  );
  const calls = callsOver(dispatcher, options, connecting.signal);

  async function destroy(reason?: Error): Promise<void> {
    connecting.abort(new TlsError('ERR_TLS_ABORTED', 'the client was destroyed', { cause: reason }));
    await agent.destroy(reason ?? null);
    await pools.destroy(reason ?? null);
  }
  let closing: Promise<void> | undefined;
  async function closeOnce(): Promise<void> {
    if (!agent.destroyed) await agent.close();
    await pools.close();
    // A request that was given up can leave behind a connection that is being made and for which nobody waits.
    await destroy();
  }
  const close = (): Promise<void> => (closing ??= closeOnce());
  return {
    fetch: async (input, init = {}) => {
      refuseDispatcher(init);
      return calls.fetch(input, init);
    },
    request: async (url, options = {}) => {
      refuseDispatcher(options);
      return calls.request(url, options);
    },
    dispatcher,
    close,
    destroy,
    [Symbol.asyncDispose]: close,
  };
}

function callsOver(dispatcher: Dispatcher, options: HttpClientOptions, closed: AbortSignal): Calls {
  const features = readFeatures(options, { connectionOf: securityOfRequest, connectingPhaseOf });
  const { cacheStages, stages } = features;
  const cache = cacheStages.length > 0 ? [...cacheStages, securityBeforeCache] : [];
  const base = dispatcher.compose(...cache, ...stages);
  return new Calls(features, { carry: (signal, send) => recordSecurity(base, signal, send), securityOf, closed });
}

function refuseDispatcher(options: object | undefined): void {
  if (propertyOf(options, 'dispatcher') !== undefined) {
    throw new TypeError('unknown option `dispatcher`: the client is the dispatcher');
  }
}

const knownOptions = optionNames<HttpClientOptions>({
  tls: true,
  allowH2: true,
  proxy: true,
  socketPath: true,
  origins: true,
  allowHttp: true,
  connectTimeout: true,
  handshakeTimeout: true,
  interceptors: true,
  agent: true,
  sessionStore: true,
  earlyData: true,
  decompress: true,
  redirect: true,
  maxRedirections: true,
  sensitiveHeaders: true,
  retry: true,
  cache: true,
  deduplicate: true,
  cookies: true,
  timeout: true,
  hooks: true,
  har: true,
});
