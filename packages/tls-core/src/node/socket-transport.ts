import type { TlsError } from '../tls-error.ts';
import { closeDuplex } from './closing.ts';
import { readIntoBuffer, writePastStream, type PlainSocket } from './plain-socket.ts';
import { takeDuplex } from './take-duplex.ts';
import { transportFailed, type ClosingManner, type Transport, type TransportSink } from './transport.ts';

/** So many bytes may wait for the system while the next are protected. With fewer, the one would wait for the other. */
const waitingLimit = 2 ** 17;

/** What one tick writes is joined up to this size. More is written at once. */
const joinLimit = 2 ** 16;

/**
 * What the system gives is put here, for every socket of this thread: it reads within one call, and the sink has used the bytes up when it
 * returns. What is in it is ciphertext.
 */
const readBuffer = new Uint8Array(2 ** 16);

/**
 * A net.Socket past its two streams: the system reads into one buffer, and what is written goes to the system at once. The socket stays
 * whole, so that its end, its errors, its timer, its counts and what a program asks of it are as ever.
 */
export class SocketTransport implements Transport {
  readonly kind = 'socket';
  readonly #socket: PlainSocket;
  #sink: TransportSink | undefined;
  #isPaused = true;
  #isReading = false;
  #isTaken = false;
  #isStopped = false;
  /** What this tick has written so far. */
  readonly #batches: Uint8Array[] = [];
  #batchedBytes = 0;
  #isFlushDue = false;
  /** The lengths of what the system has not taken whole yet, in order. */
  readonly #inFlight: number[] = [];
  #inFlightBytes = 0;
  #owesDrain = false;
  #isWriting = false;
  #isWritten = false;

  /** @param socket one that `isPlainSocket` */
  constructor(socket: PlainSocket) {
    this.#socket = socket;
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

  write(batch: Uint8Array): boolean {
    if (!this.#socket.writable) return true;
    this.#batches.push(batch);
    this.#batchedBytes += batch.length;
    if (this.#batchedBytes >= joinLimit) this.#flush();
    else if (!this.#isReading) this.#flushSoon();
    this.#owesDrain = this.#inFlightBytes > waitingLimit;
    return !this.#owesDrain;
  }

  end(done: (error?: TlsError | null) => void): void {
    if (this.#socket.writableFinished) {
      done();
      return;
    }
    this.#flush();
    this.#socket.end((error?: Error | null) => done(error && transportFailed(error)));
  }

  close(manner: ClosingManner): void {
    this.#flush();
    this.#stopFlow();
    closeDuplex(this.#socket, manner, this.#inFlightBytes);
  }

  release(): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    this.#stopFlow();
    this.#socket.removeListener('end', sink.ended);
    this.#socket.removeListener('close', sink.closed);
    this.#socket.removeListener('error', this.#onError);
    if (this.#isTaken) readIntoBuffer(this.#socket, readBuffer, this.#pushBack);
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
      readIntoBuffer(this.#socket, readBuffer, this.#onRead);
    } catch {
      // a runtime has the function, and it does nothing but throw
      this.#socket.on('data', this.#giveBytes);
      return;
    }
    for (let chunk: unknown; (chunk = this.#socket.read()) !== null;) this.#giveBytes(chunk as Buffer);
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
      this.#flush();
    }
  };

  readonly #pushBack = (length: number): boolean => this.#socket.push(Buffer.from(readBuffer.subarray(0, length)));

  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    process.nextTick(this.#flushDue);
  }

  readonly #flushDue = (): void => {
    this.#isFlushDue = false;
    this.#flush();
  };

  #flush(): void {
    const batches = this.#batches;
    const length = this.#batchedBytes;
    if (length === 0) return;
    this.#batchedBytes = 0;
    const joined = batches.length > 1 && length <= joinLimit ? Buffer.concat(batches, length) : undefined;
    if (joined !== undefined) this.#writeNow(joined);
    else for (const batch of batches) this.#writeNow(batch);
    batches.length = 0;
  }

  /** Writes past the socket's stream, in which nothing waits. */
  #writeNow(bytes: Uint8Array): void {
    this.#isWriting = true;
    this.#isWritten = false;
    writePastStream(this.#socket, bytes, this.#onWritten);
    this.#isWriting = false;
    if (this.#isWritten) return;
    this.#inFlight.push(bytes.length);
    this.#inFlightBytes += bytes.length;
  }

  /** The system takes most writes at once, and those that wait in their order. */
  readonly #onWritten = (cause?: Error | null): void => {
    if (this.#isWriting) this.#isWritten = true;
    else this.#inFlightBytes -= this.#inFlight.shift() ?? 0;
    if (cause !== undefined && cause !== null) process.nextTick(this.#fail, cause);
    else if (this.#owesDrain && this.#inFlightBytes === 0) this.#tellDrained();
  };

  #tellDrained(): void {
    this.#owesDrain = false;
    if (!this.#isStopped) this.#sink?.drained();
  }

  /** A stream of Node's is destroyed when a write fails, which tells its `error`. */
  readonly #fail = (cause: Error): void => {
    this.#socket.destroy(cause);
  };

  readonly #onError = (cause: Error): void => {
    this.#sink?.failed(transportFailed(cause));
  };
}
