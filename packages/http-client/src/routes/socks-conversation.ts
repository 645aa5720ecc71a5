import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/**
 * Stands between the library that speaks SOCKS and the connection. What the library is given it keeps for as long as its timer runs, and has flow
 * when all is said; that is not to be the connection.
 */
export class SocksConversation extends Duplex {
  #transport: Socket | undefined;

  constructor(transport: Socket) {
    super();
    this.#transport = transport;
    transport.on('data', this.#onData).on('close', this.#onClose);
  }

  readonly #onData = (chunk: Uint8Array): void => void this.push(chunk);
  readonly #onClose = (): void => void this.destroy();

  override _read(): void {
    // What comes is pushed, and the library reads it at once.
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.#transport?.write(chunk);
    done();
  }

  /**
   * Lets go of the connection when the tunnel is open, and puts back what came behind the proxy's answer, which is the destination's. The library
   * emits that in the next turn.
   */
  async stop(): Promise<void> {
    const chunks: Uint8Array[] = [];
    this.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    await new Promise(setImmediate);
    const transport = this.#transport;
    this.#transport = undefined;
    transport?.pause().removeListener('data', this.#onData).removeListener('close', this.#onClose);
    for (const chunk of chunks.toReversed()) transport?.unshift(chunk);
    this.destroy();
  }
}
