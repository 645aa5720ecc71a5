import type { TlsError } from '../tls-error.ts';
import { closeDuplex } from './closing.ts';
import { maxReadLength } from './on-read.ts';
import { readIntoBuffer, type PlainSocket } from './plain-socket.ts';
import { SocketWriter } from './socket-writer.ts';
import { takeDuplex } from './take-duplex.ts';
import { transportFailed, type ClosingManner, type Transport, type TransportSink } from './transport.ts';

/**
 * What the system gives is put here, for every socket of this thread: it reads within one call, and the sink has used the bytes up when it
 * returns. What is in it is ciphertext.
 */
const readBuffer = new Uint8Array(maxReadLength);

/**
 * A net.Socket past its two streams: the system reads into one buffer, and what is written goes to the system at once. The socket stays
 * whole, so that its end, its errors, its timer, its counts and what a program asks of it are as ever.
 */
export class SocketTransport implements Transport {
  readonly kind = 'socket';
  readonly #socket: PlainSocket;
  #sink: TransportSink | undefined;
  readonly #writer: SocketWriter;
  readonly #readBuffer: Uint8Array;
  #isPaused = true;
  #isReading = false;
  #isTaken = false;
  #isStopped = false;
  #isTurnEnding = false;

  /**
   * @param socket one that `isPlainSocket`
   * @param readLength how many bytes should come at once at most
   */
  constructor(socket: PlainSocket, readLength: number) {
    this.#socket = socket;
    this.#readBuffer = readLength < maxReadLength ? readBuffer.subarray(0, readLength) : readBuffer;
    this.#writer = new SocketWriter(socket, this.#onDrained, this.#onWriteFailed);
  }

  get isWritable(): boolean {
    return this.#socket.writable;
  }

  open(sink: TransportSink): void {
    takeDuplex(this.#socket);
    this.#sink = sink;
    this.#socket.on('end', sink.ended);
    this.#socket.on('close', sink.closed);
    this.#socket.on('error', this.#onError);
  }

  resume(): void {
    this.#isPaused = false;
    if (!this.#isTaken) this.#takeReads();
    if (!this.#isPaused) this.#socket.resume();
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  /** The connection was open when it was taken, and events tell what has become of it since. */
  tellEarlierEnd(): void {}

  lend(length: number): Uint8Array | undefined {
    this.#endTurnSoon();
    return this.#writer.lend(length);
  }

  write(batch: Uint8Array): boolean {
    if (!this.#socket.writable) return true;
    this.#endTurnSoon();
    return this.#writer.write(batch);
  }

  end(done: (error?: TlsError | null) => void): void {
    if (this.#socket.writableFinished) {
      done();
      return;
    }
    this.#writer.finish();
    this.#socket.end((error?: Error | null) => done(error && transportFailed(error)));
  }

  close(manner: ClosingManner): void {
    this.#writer.finish();
    this.#stopFlow();
    closeDuplex(this.#socket, manner, this.#writer.waiting);
  }

  release(): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    this.#stopFlow();
    this.#socket.removeListener('end', sink.ended);
    this.#socket.removeListener('close', sink.closed);
    this.#socket.removeListener('error', this.#onError);
    if (this.#isTaken) readIntoBuffer(this.#socket, this.#readBuffer, this.#pushBack);
  }

  ref(): void {
    this.#socket.ref();
  }

  unref(): void {
    this.#socket.unref();
  }

  #stopFlow(): void {
    this.#isStopped = true;
    this.#socket.removeListener('data', this.#giveBytes);
  }

  /** What came before is in the socket's own stream. */
  #takeReads(): void {
    this.#isTaken = true;
    try {
      readIntoBuffer(this.#socket, this.#readBuffer, this.#onRead);
    } catch {
      // a runtime has the function, and it does nothing but throw
      this.#socket.on('data', this.#giveBytes);
      return;
    }
    for (let chunk: unknown; (chunk = this.#socket.read()) !== null;) this.#sink?.bytes(chunk as Buffer);
  }

  readonly #onRead = (length: number): boolean => {
    this.#giveBytes(length === readBuffer.length ? readBuffer : readBuffer.subarray(0, length));
    return true;
  };

  /** Gives the sink what came. What it writes meanwhile goes out when it has used that up. */
  readonly #giveBytes = (bytes: Uint8Array): void => {
    if (this.#isStopped) return;
    this.#isReading = true;
    try {
      this.#sink?.bytes(bytes);
    } finally {
      this.#isReading = false;
      this.#writer.endTurn();
    }
  };

  readonly #pushBack = (length: number): boolean => this.#socket.push(Buffer.from(readBuffer.subarray(0, length)));

  /** What is written while bytes are read goes out behind that, and anything else at the end of the tick. */
  #endTurnSoon(): void {
    if (this.#isReading || this.#isTurnEnding) return;
    this.#isTurnEnding = true;
    process.nextTick(this.#endTurn);
  }

  readonly #endTurn = (): void => {
    this.#isTurnEnding = false;
    this.#writer.endTurn();
  };

  readonly #onDrained = (): void => {
    if (!this.#isStopped) this.#sink?.drained();
  };

  /** A stream of Node's is destroyed when a write fails, which tells its `error`. */
  readonly #onWriteFailed = (cause: Error): void => {
    this.#socket.destroy(cause);
  };

  readonly #onError = (cause: Error): void => {
    this.#sink?.failed(transportFailed(cause));
  };
}
