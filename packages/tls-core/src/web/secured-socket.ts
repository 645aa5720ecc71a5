import type { EngineSink, TlsEngine } from '../engine.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import type { ByteStreams } from './byte-streams.ts';
import { SecuredStreams, type SecuredOptions } from './secured-streams.ts';
import type { Socket, SocketInfo } from './socket.ts';

/** A socket that is secured from the beginning. */
export class SecuredSocket implements Socket {
  readonly secureTransport = 'on';
  readonly upgraded = false;
  readonly opened: Promise<SocketInfo>;
  readonly #streams: SecuredStreams;

  constructor(
    transport: MaybePromise<ByteStreams>,
    makeEngine: (sink: EngineSink) => TlsEngine,
    options: SecuredOptions,
  ) {
    this.#streams = new SecuredStreams(transport, makeEngine, options);
    this.opened = this.#streams.opened.then(({ info, ...addresses }) => ({
      ...addresses,
      alpn: info.alpnProtocol,
      security: info,
    }));
    this.opened.catch(() => undefined);
  }

  get readable(): ReadableStream<Uint8Array> {
    return this.#streams.readable;
  }

  get writable(): WritableStream<Uint8Array> {
    return this.#streams.writable;
  }

  get closed(): Promise<void> {
    return this.#streams.closed;
  }

  close(): Promise<void> {
    return this.#streams.close();
  }

  startTls(): Socket {
    throw new TypeError('startTls: the socket is secured already');
  }
}
