import type { ConnectionInfo } from '@org/tls-core';
import type { TlsSocket } from '@org/tls-core/node';
import { Client, type Dispatcher } from 'undici';
import { securityRecord } from './response-security.ts';
import { asError, type Connector } from './tls-connector.ts';

/** Requests that share an HTTP/2 connection, until the server's SETTINGS say less (RFC 9113 §5.1.2). */
const http2Streams = 100;

/**
 * undici's client of one origin, that has one connection at a time and knows how that one is secured.
 */
export class SecuredClient extends Client {
  readonly #connection: { secured: TlsSocket | undefined };

  constructor(origin: string | URL, options: Client.Options, connector: Connector) {
    const connection: { secured: TlsSocket | undefined } = { secured: undefined };
    super(origin, {
      ...options,
      connect: (target, done) => {
        connector(target).then(
          ({ socket, secured }) => {
            connection.secured = secured;
            done(null, socket);
          },
          (reason: unknown) => {
            connection.secured = undefined;
            done(asError(reason), null);
          },
        );
      },
    });
    this.#connection = connection;
    // undici sends one request at a time unless told otherwise; an HTTP/2 connection is there to be shared.
    const pipelining = options.pipelining ?? 1;
    this.on('connect', () => {
      if (connection.secured?.alpnProtocol === 'h2')
        this.pipelining = Math.max(pipelining, options.maxConcurrentStreams ?? http2Streams);
    });
    this.on('disconnect', () => {
      this.pipelining = pipelining;
    });
  }

  /** How the connection is secured that serves now; `undefined`: there is none, or it is plain HTTP. */
  get security(): ConnectionInfo | undefined {
    return this.#connection.secured?.info;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const record = securityRecord(options);
    if (record !== undefined) record.client = this;
    return super.dispatch(options, handler);
  }
}
