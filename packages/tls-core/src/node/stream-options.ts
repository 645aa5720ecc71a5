import { optionNames, ownOptions } from '../own-options.ts';
import type { HandshakeBounds } from './handshake-watch.ts';
import { checkOnRead, type OnRead } from './on-read.ts';
import { checkBytes, checkSignal, checkSize, checkTimeout } from '../socket-options.ts';

/** How a `TlsStream` is made. */
export interface TlsStreamOptions extends HandshakeBounds {
  /** Bytes that a client sends before all else, as early data where it can. */
  readonly earlyData?: Uint8Array | undefined;
  /** Bytes of the peer that were read from the transport before, e.g. the `head` of an HTTP upgrade or what a look at the first bytes took. */
  readonly head?: Uint8Array | undefined;
  /** Keeps the writable side open when the peer has ended its own. Default: false, as in node:net. */
  readonly allowHalfOpen?: boolean | undefined;
  /**
   * Gives what comes in a buffer of the program's own, and no `data`. Bytes are decrypted into it where it is large enough for all that one
   * read can bring (64 KiB), and copied otherwise.
   */
  readonly onread?: OnRead | undefined;
  /** How many bytes may wait in each direction before the stream asks to wait, as of any Duplex. Default: Node's. */
  readonly highWaterMark?: number | undefined;
}

const known = optionNames<TlsStreamOptions>({
  handshakeTimeout: true,
  signal: true,
  earlyData: true,
  head: true,
  allowHalfOpen: true,
  highWaterMark: true,
  onread: true,
});

/**
 * Reads and checks the options of a stream.
 * @returns a copy with an empty prototype
 * @throws TypeError on an unknown option or one of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a time that cannot be
 */
export function readStreamOptions(given: TlsStreamOptions): TlsStreamOptions {
  const options = ownOptions(given, known);
  checkTimeout('handshakeTimeout', options.handshakeTimeout);
  checkSignal(options.signal);
  checkBytes('earlyData', options.earlyData);
  checkBytes('head', options.head);
  checkSize('highWaterMark', options.highWaterMark);
  checkOnRead(options.onread);
  return options;
}

/** Takes the options of a stream out of those of a socket, which has more. */
export function streamOptionsOf(options: TlsStreamOptions): TlsStreamOptions {
  const { handshakeTimeout, signal, earlyData, head, allowHalfOpen, highWaterMark, onread } = options;
  return { handshakeTimeout, signal, earlyData, head, allowHalfOpen, highWaterMark, onread };
}
