import { Agent, type AgentOptions, type ClientRequestArgs } from 'node:http';
import { connect as dialNet, type NetConnectOpts, type TcpNetConnectOpts } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { clientOptions } from '../client-config.ts';
import { clientContext, type ClientTls } from '../config/contexts.ts';
import type { TlsClientContext } from '../engine.ts';
import { checkTarget, secureOrClose } from '../node/connect.ts';
import { netOptions, type DialOptions } from '../node/dial.ts';
import { checkTimeout } from '../socket-options.ts';
import type { TlsSocket } from '../node/tls-socket.ts';
import { optionNames, splitOptions, frozenCopy } from '../own-options.ts';

/** Node's options of an http.Agent, and how its connections are secured. */
export interface HttpsAgentOptions extends AgentOptions {
  /** A context, or a configuration and the backend to use it with. */
  readonly tls?: ClientTls | undefined;
  /** The name that every server of this agent must prove. Default: the host of the request's URL. A `Host` header changes nothing. */
  readonly serverName?: string | undefined;
  /** Milliseconds that dialling and the handshake may take together. 0 means never. Default: 10,000. */
  readonly handshakeTimeout?: number | undefined;
}

/**
 * Makes an agent for `https.request`, and for all that takes one: axios, node-fetch, got, ws.
 * @throws TypeError, TlsError what choosing the backend and making the context can throw
 */
export async function createHttpsAgent(given: HttpsAgentOptions = {}): Promise<HttpsAgent> {
  const { taken, rest } = splitOptions<HttpsAgentOptions, 'tls'>(given, ['tls']);
  return new HttpsAgent(await clientContext((taken as Pick<HttpsAgentOptions, 'tls'>).tls), rest);
}

/**
 * Node's http.Agent, whose connections are secured by a context. They speak HTTP/1.1. It pools, limits and times out as an http.Agent does;
 * `createConnection` may be taken alone, too.
 */
export class HttpsAgent extends Agent {
  /** What node:http asks of an agent of `https:`. */
  readonly protocol = 'https:';
  readonly defaultPort = 443;
  readonly #context: TlsClientContext;
  readonly #serverName: string | undefined;
  readonly #handshakeTimeout: number | undefined;

  /** @throws TypeError on an option that belongs into `tls` */
  constructor(context: TlsClientContext, options: Omit<HttpsAgentOptions, 'tls'> = {}) {
    const names = ['serverName', 'handshakeTimeout'] as const;
    const { taken, rest } = splitOptions<Omit<HttpsAgentOptions, 'tls'>, (typeof names)[number]>(options, names);
    const { serverName, handshakeTimeout } = taken as Pick<HttpsAgentOptions, (typeof names)[number]>;
    checkTimeout('handshakeTimeout', handshakeTimeout);
    refuseMisplaced(rest);
    super(rest);
    this.#context = context;
    this.#serverName = serverName;
    this.#handshakeTimeout = handshakeTimeout;
  }

  /**
   * Names a pool of connections. node:http asks for it with every request, so that one that is to have a connection which is there already is
   * refused what `createConnection` refuses.
   * @throws TypeError as `createConnection` does
   */
  override getName(options?: Parameters<Agent['getName']>[0]): string {
    refuseTlsOptions(options ?? {});
    return super.getName(options);
  }

  /**
   * Begins a connection, and gives it before it is made: node:http waits for it, and counts it for `maxSockets`.
   * @throws TypeError on an option of node:tls, which the agent's `tls` has in its own words
   * @throws TlsError `ERR_TLS_CONFIG` on a host that cannot be verified
   */
  override createConnection(options: ClientRequestArgs): TlsSocket {
    refuseTlsOptions(options);
    const { host, timeout } = options;
    const target = { serverName: this.#serverName ?? host ?? 'localhost', alpnProtocols: ['http/1.1'] };
    const settings = { context: this.#context, ...target, handshakeTimeout: this.#handshakeTimeout };
    checkTarget(settings);
    const socket = secureOrClose(dialNet(dialOptions(options)), settings);
    // a failure of the first tick comes before node:http listens, which then finds the socket destroyed
    socket.once('error', () => undefined);
    if (timeout !== undefined) socket.setTimeout(timeout);
    return socket;
  }
}

/** What an agent is given for a connection, beyond what its types say. */
type ConnectionOptions = ClientRequestArgs & Partial<TcpNetConnectOpts> & Readonly<Record<string, unknown>>;

function dialOptions(options: ClientRequestArgs): NetConnectOpts {
  const given = options as ConnectionOptions;
  if (typeof given.socketPath === 'string') return { path: given.socketPath };
  return frozenCopy(Object.fromEntries(dialNames.map((name) => [name, given[name]]))) as unknown as NetConnectOpts;
}

const dialNames = optionNames<Omit<DialOptions, 'connectTimeout' | 'signal' | 'path'>>({
  host: true,
  port: true,
  noDelay: true,
  ...netOptions,
});

/** A request that brings a trust or a certificate of its own would be answered over a connection without them. */
function refuseTlsOptions(options: object): void {
  const given = options as ConnectionOptions;
  const refused = tlsOptions.find(
    (name) => given[name] !== undefined && given[name] !== null && given[name] !== harmless[name],
  );
  if (refused === undefined) return;
  throw new TypeError(`${refused}: the agent secures its connections as its \`tls\` says, and no request otherwise`);
}

/** node:http passes over options that it does not know, and a trust among them would be none. */
function refuseMisplaced(options: object): void {
  const misplaced = Object.keys(options).find((name) => misplacedOptions.has(name));
  if (misplaced === undefined) return;
  throw new TypeError(
    `${misplaced}: how an agent secures its connections stands in its \`tls\`, in the words of \`ClientConfig\``,
  );
}

/** What says only what holds anyway. got names Node's own check of the name with every request. */
const harmless: Readonly<Record<string, unknown>> = { rejectUnauthorized: true, checkServerIdentity };

/** The options of node:tls that say how a connection is secured, but for `servername`, which node:http makes of the Host header. */
const tlsOptions = [
  'ca',
  'cert',
  'key',
  'pfx',
  'passphrase',
  'crl',
  'secureContext',
  'session',
  'pskCallback',
  'checkServerIdentity',
  'ALPNProtocols',
  'ciphers',
  'sigalgs',
  'ecdhCurve',
  'minVersion',
  'maxVersion',
  'secureProtocol',
  'secureOptions',
  'requestOCSP',
  'rejectUnauthorized',
] as const;

const misplacedOptions: ReadonlySet<string> = new Set([...clientOptions, ...tlsOptions, 'backend', 'servername']);
