import type { NonSharedBuffer } from 'node:buffer';
import type { Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext as NodeSecureContext } from 'node:tls';
import { codedError, wrongType } from '../coded-error.ts';
import { convertALPNProtocols } from '../context/tls-functions.ts';
import { createSecureContext, type SecureContext, type SecureContextOptions } from '../secure-context.ts';
import { readAlpnProtocols } from '../socket/alpn-protocols.ts';
import { contextOf, refuseTrace } from '../socket/connection-plan.ts';
import type { SniCallback } from '../socket/socket-options.ts';
import { TLSSocket } from '../socket/tls-socket.ts';
import type { TlsOptions } from './server-options.ts';
import { SniContexts } from './sni-contexts.ts';

/**
 * Does the handshakes of a net.Server's connections, and emits on the server what Node's tls.Server emits: `secureConnection`,
 * `tlsClientError`, `keylog`. It is what tls.Server, https.Server and http2's secure server have in common.
 */
export class TlsAcceptor {
  readonly #server: NetServer;
  readonly #options: TlsOptions;
  readonly #contexts = new SniContexts();
  readonly #handshakeTimeout: number;
  /** The same list for all connections, by which their contexts are found again. */
  readonly #protocols: readonly (string | Uint8Array)[];
  #context: SecureContext;

  /** @throws Error with Node's code on options that cannot be used */
  constructor(server: NetServer, options: TlsOptions) {
    checkOptions(options);
    this.#server = server;
    this.#options = options;
    this.#handshakeTimeout = options.handshakeTimeout || 120_000;
    this.#protocols = readAlpnProtocols(options.ALPNProtocols);
    this.#context = createSecureContext(options);
  }

  /** Does the handshake of a connection. */
  readonly accept = (transport: Duplex): void => {
    const { ALPNCallback, pskCallback, requestCert, rejectUnauthorized } = this.#options;
    const server = this.#server;
    const socket = new TLSSocket(transport, {
      isServer: true,
      server,
      secureContext: this.#context,
      backend: this.#options.backend,
      requestCert: Boolean(requestCert),
      rejectUnauthorized: rejectUnauthorized !== false,
      handshakeTimeout: this.#handshakeTimeout,
      ALPNProtocols: this.#protocols,
      ALPNCallback,
      SNICallback: this.#sniCallback(),
      pauseOnConnect: this.#options.pauseOnConnect,
      pskCallback,
      highWaterMark: this.#options.highWaterMark,
    });
    if (server.listenerCount('keylog') > 0) socket.on('keylog', (line) => server.emit('keylog', line, socket));
    let isTold = false;
    const tell = (error: Error): void => {
      if (isTold) return;
      isTold = true;
      server.emit('tlsClientError', error, socket);
    };
    const onError = (error: Error): void => tell(error);
    const onClose = (): void => tell(codedError('ECONNRESET', 'socket hang up'));
    socket.on('error', onError);
    socket.on('close', onClose);
    socket.once('secure', () => {
      socket.removeListener('close', onClose);
      socket.removeListener('error', onError);
      socket._releaseControl();
      this.#giveOut(socket);
    });
  };

  addContext(servername: string, given: NodeSecureContext | SecureContextOptions): void {
    this.#contexts.add(servername, contextOf(given));
  }

  setSecureContext(options: SecureContextOptions): void {
    this.#context = createSecureContext(options);
  }

  getTicketKeys(): NonSharedBuffer {
    return this.#context.ticketKeys.get();
  }

  setTicketKeys(keys: unknown): void {
    this.#context.ticketKeys.set(readTicketKeys(keys));
  }

  #giveOut(socket: TLSSocket): void {
    const { requestCert, rejectUnauthorized } = this.#options;
    const isAsked = Boolean(requestCert);
    socket.conclude({ isAsked });
    // the handshake has refused it before; this says it once more, whatever the backend does
    if (isAsked && rejectUnauthorized !== false && !socket.authorized) socket.destroy();
    else this.#server.emit('secureConnection', socket);
  }

  #sniCallback(): SniCallback | undefined {
    const { SNICallback } = this.#options;
    if (SNICallback !== undefined && SNICallback !== null) return SNICallback;
    if (this.#contexts.isEmpty) return undefined;
    return (servername, done) => done(null, this.#contexts.find(servername));
  }
}

const acceptors = new WeakMap<NetServer, TlsAcceptor>();

/**
 * Has a server do its handshakes by our TLS. Whoever did them before does not any more.
 * @throws Error with Node's code on options that cannot be used
 */
export function takeConnections(server: NetServer, options: TlsOptions): TlsAcceptor {
  const acceptor = new TlsAcceptor(server, options);
  acceptors.set(server, acceptor);
  // Node shows them there
  if (options.ALPNProtocols) convertALPNProtocols(options.ALPNProtocols, server as { ALPNProtocols?: Uint8Array });
  if (options.ALPNCallback) Object.assign(server, { ALPNCallback: options.ALPNCallback });
  server.removeAllListeners('connection');
  server.on('connection', acceptor.accept);
  return acceptor;
}

/** What does the handshakes of a server. */
export function acceptorOf(server: NetServer): TlsAcceptor {
  const found = acceptors.get(server);
  if (found === undefined) throw codedError('ERR_INVALID_THIS', 'Value of "this" must be of type Server', TypeError);
  return found;
}

function readTicketKeys(keys: unknown): Uint8Array {
  if (!ArrayBuffer.isView(keys))
    throw wrongType('"buffer" argument', 'an instance of Buffer, TypedArray, or DataView', keys);
  if (keys.byteLength !== 48) throw codedError('ERR_ASSERTION', 'Session ticket keys must be a 48-byte buffer');
  return new Uint8Array(keys.buffer, keys.byteOffset, keys.byteLength);
}

function checkOptions({
  ALPNCallback,
  ALPNProtocols,
  handshakeTimeout,
  SNICallback,
  pskCallback,
  enableTrace,
}: TlsOptions): void {
  refuseTrace(enableTrace);
  if (ALPNCallback && ALPNProtocols)
    throw codedError(
      'ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS',
      'The ALPNCallback and ALPNProtocols TLS options are mutually exclusive',
      TypeError,
    );
  readAlpnProtocols(ALPNProtocols);
  if (handshakeTimeout && typeof handshakeTimeout !== 'number')
    throw wrongType('"options.handshakeTimeout" property', 'of type number', handshakeTimeout);
  for (const [name, given] of Object.entries({ SNICallback, pskCallback })) {
    if (!given || typeof given === 'function') continue;
    throw wrongType(`"options.${name}" property`, 'of type function', given);
  }
}
