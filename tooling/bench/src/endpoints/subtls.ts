import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { SocketReadQueue, startTls, TrustedCert } from 'subtls';
import type { Endpoint } from '../endpoint.ts';

/** subtls, a client alone, with TLS 1.3, P-256 and AES-128-GCM. */
export const subtls: Endpoint = {
  async dialer({ scene, ca }) {
    const { version, group, cipher } = scene;
    if (version !== 'TLSv1.3' || group !== 'secp256r1' || cipher !== 'aes-128-gcm')
      throw new Error('it cannot do this');
    const roots = await TrustedCert.databaseFromPEM(ca);
    return {
      async dial(port, { session, onSession, onread } = {}) {
        if (session !== undefined || onSession !== undefined) throw new Error('it does not resume');
        if (onread !== undefined) throw new Error('it has no `onread`');
        const transport = net.connect({ host: '127.0.0.1', port, noDelay: true });
        await once(transport, 'connect');
        const queue = new SocketReadQueue(transport);
        const tls = await startTls('localhost', roots, queue.read.bind(queue), (bytes) => void transport.write(bytes));
        return { stream: new SubtlsStream(transport, tls), resumed: false };
      },
    };
  },
};

type Connection = Awaited<ReturnType<typeof startTls>>;

class SubtlsStream extends Duplex {
  readonly #transport: Socket;
  readonly #tls: Connection;
  #isReading = false;

  constructor(transport: Socket, tls: Connection) {
    super({ allowHalfOpen: false });
    this.#transport = transport;
    this.#tls = tls;
    transport.on('error', () => undefined).on('close', () => this.destroy());
  }

  override _read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#tls.read().then(
      (bytes) => {
        this.#isReading = false;
        this.push(bytes ?? null);
      },
      (error: Error) => this.destroy(error),
    );
  }

  override _write(chunk: Buffer, _: string, done: (error?: Error) => void): void {
    this.#writeAll(chunk).then(() => done(), done);
  }

  override _final(done: (error?: Error) => void): void {
    this.#transport.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#transport.destroy();
    done(error);
  }

  /** Splits what is longer than a record, which it does not do itself. */
  async #writeAll(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length; at += longestFragment) {
      await this.#tls.write(chunk.subarray(at, at + longestFragment));
    }
  }
}

const longestFragment = 16_384;
