import { TlsError } from '../tls-error.ts';

/**
 * The connection below a `TlsStream`: it takes bytes and gives bytes, and knows nothing of TLS. `DuplexTransport` is one over any Duplex.
 *
 * A stream calls `open` once, before anything else but `isWritable`, and `close` or `release` once, at the end.
 */
export interface Transport {
  /** Its name, for who wants to know how the bytes move, e.g. `duplex`. */
  readonly kind: string;
  /** False once no more bytes can be written: the connection has ended its side, has failed or is closed. */
  readonly isWritable: boolean;
  /** Takes the connection over from whoever had it. From here on, its events go to the sink. */
  open(sink: TransportSink): void;
  /** Lets bytes come. None are waited for before the first call. */
  resume(): void;
  /** Holds the bytes that come, until `resume`. What is on its way may still arrive. */
  pause(): void;
  /** Tells the sink in the next tick when the connection had ended or failed before `open`, which no event tells any more. */
  tellEarlierEnd(): void;
  /** Lends memory for the next `write`, by the rules of `EngineSink.ciphertextBuffer`. */
  lend?(length: number): Uint8Array | undefined;
  /**
   * Writes bytes. The buffer belongs to the transport from then on. What one tick writes goes out together. It drops what cannot be
   * written any more.
   * @returns false when so much waits that the writer should wait for `sink.drained`
   */
  write(batch: Uint8Array): boolean;
  /**
   * Ends our side behind all that was written.
   * @param done is called when all of it has been handed over, or with the error that prevented that
   */
  end(done: (error?: TlsError | null) => void): void;
  /** Closes the connection. The sink gets no bytes and no `drained` any more, but may still be told how the connection ended. */
  close(manner: ClosingManner): void;
  /** Gives the connection back as it is: the sink is told nothing more. */
  release(): void;
  /** Lets the connection keep the process alive, which is the default, where it can. */
  ref(): void;
  /** Lets the process end although the connection is open, where the connection can. */
  unref(): void;
}

/** What a transport tells its stream. The functions need no `this`. */
export interface TransportSink {
  /** Bytes of the peer arrived. They are the sink's until it returns. */
  readonly bytes: (chunk: Uint8Array) => void;
  /** The peer has ended its side. */
  readonly ended: () => void;
  /** The connection is closed in both directions. */
  readonly closed: () => void;
  /** The writer may go on, after `write` gave false. */
  readonly drained: () => void;
  /** The connection failed, and nothing more can be sent. */
  readonly failed: (error: TlsError) => void;
}

/**
 * How a connection is closed.
 * - `now`: what waits to be sent is dropped.
 * - `whenSent`: what waits is sent first, for a second at most.
 * - `lingering`: what waits is sent first, and the peer's bytes are read and dropped until it has ended too, for a second at most.
 * - `reset`: by a TCP reset where the connection can, else as `now`.
 */
export type ClosingManner = 'now' | 'whenSent' | 'lingering' | 'reset';

/** @throws TypeError on what is no transport, e.g. the Duplex that belongs into one */
export function checkTransport(transport: Transport): void {
  const { open, tellEarlierEnd } = (transport as Partial<Transport> | undefined) ?? {};
  if (typeof open !== 'function' || typeof tellEarlierEnd !== 'function')
    throw new TypeError('transport: expected a transport, e.g. `new DuplexTransport(duplex)`');
}

/** The error that a failure of the connection below becomes. */
export function transportFailed(cause: Error): TlsError {
  return new TlsError('ERR_TLS_TRANSPORT', `the connection below failed: ${cause.message}`, { cause });
}

/** The error of whoever writes to a connection that takes no more bytes. */
export function transportClosed(): TlsError {
  return new TlsError('ERR_TLS_TRANSPORT', 'the connection below is closed');
}
