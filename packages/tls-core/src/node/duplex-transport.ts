import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TlsError } from '../tls-error.ts';
import { closeDuplex } from './closing.ts';
import { bytesOf, checkDuplex, takeDuplex } from './take-duplex.ts';
import {
  transportClosed,
  transportFailed,
  type ClosingManner,
  type Transport,
  type TransportSink,
} from './transport.ts';

/** So many bytes may wait in the Duplex while the next are protected. With fewer, the one would wait for the other. */
const waitingLimit = 2 ** 17;

/** Any Duplex of node:stream as a transport: a TCP socket, a pipe, a tunnel, another TLS connection. */
export class DuplexTransport implements Transport {
  readonly kind = 'duplex';
  readonly #duplex: Duplex;
  #sink: TransportSink | undefined;
  #isCorked = false;

  /** @throws TypeError on what is no Duplex, is another TlsStream's, or has decoded its bytes to text already */
  constructor(duplex: Duplex) {
    checkDuplex(duplex);
    this.#duplex = duplex;
  }

  get isWritable(): boolean {
    return this.#duplex.writable;
  }

  open(sink: TransportSink): void {
    takeDuplex(this.#duplex);
    this.#sink = sink;
    this.#duplex.on('data', this.#onData);
    this.#duplex.on('end', sink.ended);
    this.#duplex.on('close', sink.closed);
    this.#duplex.on('error', this.#onError);
    this.#duplex.on('drain', sink.drained);
  }

  resume(): void {
    this.#duplex.resume();
  }

  pause(): void {
    this.#duplex.pause();
  }

  tellEarlierEnd(): void {
    if (!this.#duplex.writable || this.#duplex.readableEnded) process.nextTick(this.#onEarlierEnd);
  }

  write(batch: Uint8Array): boolean {
    const duplex = this.#duplex;
    if (!duplex.writable) return true;
    if (!this.#isCorked) {
      this.#isCorked = true;
      duplex.cork();
      process.nextTick(this.#uncork);
    }
    return duplex.write(batch) || duplex.writableLength <= waitingLimit;
  }

  end(done: (error?: TlsError | null) => void): void {
    if (this.#duplex.writableFinished) {
      done();
      return;
    }
    this.#uncork();
    this.#duplex.end((error?: Error | null) => done(error && transportFailed(error)));
  }

  close(manner: ClosingManner): void {
    this.#stopFlow();
    this.#uncork();
    closeDuplex(this.#duplex, manner, this.#duplex.writableLength);
  }

  release(): void {
    this.#stopFlow();
    const sink = this.#sink;
    if (sink === undefined) return;
    this.#duplex.removeListener('end', sink.ended);
    this.#duplex.removeListener('close', sink.closed);
    this.#duplex.removeListener('error', this.#onError);
  }

  ref(): void {
    (this.#duplex as Partial<Socket>).ref?.();
  }

  unref(): void {
    (this.#duplex as Partial<Socket>).unref?.();
  }

  #stopFlow(): void {
    this.#duplex.removeListener('data', this.#onData);
    if (this.#sink !== undefined) this.#duplex.removeListener('drain', this.#sink.drained);
  }

  /** The Duplex is corked until the tick ends, so that what one tick sends is one write. */
  readonly #uncork = (): void => {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    this.#duplex.uncork();
  };

  readonly #onData = (chunk: unknown): void => {
    const bytes = bytesOf(chunk);
    if (bytes !== undefined) this.#sink?.bytes(bytes);
    else this.#sink?.failed(noBytes(chunk));
  };

  readonly #onError = (cause: Error): void => {
    this.#sink?.failed(transportFailed(cause));
  };

  readonly #onEarlierEnd = (): void => {
    const { errored, readableEnded, destroyed } = this.#duplex;
    if (errored) this.#onError(errored);
    else if (readableEnded || destroyed) this.#sink?.ended();
    else this.#sink?.failed(transportClosed());
  };
}

function noBytes(chunk: unknown): TlsError {
  return new TlsError('ERR_TLS_TRANSPORT', `the connection below gave no bytes, but a ${typeof chunk}`);
}
