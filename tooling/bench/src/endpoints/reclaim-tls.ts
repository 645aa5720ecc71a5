import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { loadX509FromPem, makeTLSClient, setCryptoImplementation, type TLSClientOptions } from '@reclaimprotocol/tls';
import { webcryptoCrypto } from '@reclaimprotocol/tls/webcrypto';
import { suiteOf, type Endpoint, type Scene } from '../endpoint.ts';

setCryptoImplementation(webcryptoCrypto);

/** @reclaimprotocol/tls over WebCrypto, a client alone. */
export const reclaimTls: Endpoint = {
  async dialer({ scene, ca }) {
    const options = { host: 'localhost', rootCAs: [loadX509FromPem(ca)], ...optionsOf(scene) };
    return {
      async dial(port, { session, onSession, onread } = {}) {
        if (session !== undefined || onSession !== undefined) throw new Error('its resumption is not measured');
        if (onread !== undefined) throw new Error('it has no `onread`');
        const transport = net.connect({ host: '127.0.0.1', port, noDelay: true });
        await once(transport, 'connect');
        const stream = new ReclaimStream(transport, options);
        await once(stream, 'secure');
        return { stream, resumed: false };
      },
    };
  },
};

type ClientOptions = Omit<TLSClientOptions, 'write'>;

function optionsOf(scene: Scene): Omit<ClientOptions, 'host'> {
  const { version, group } = scene;
  if (group === 'X25519MLKEM768') throw new Error('it has no X25519MLKEM768');
  const curves = { x25519: 'X25519', secp256r1: 'SECP256R1' } as const;
  const suite = suiteOf(scene) as NonNullable<ClientOptions['cipherSuites']>[number];
  return {
    cipherSuites: [suite],
    namedCurves: version === 'TLSv1.2' ? [curves[group], curves.secp256r1] : [curves[group]],
    supportedProtocolVersions: [version === 'TLSv1.3' ? 'TLS1_3' : 'TLS1_2'],
    logger: { ...silent, child: () => silent },
  } as Omit<ClientOptions, 'host'>;
}

const nothing = (): undefined => undefined;
const silent = { info: nothing, debug: nothing, trace: nothing, error: nothing, warn: nothing };

class ReclaimStream extends Duplex {
  readonly #transport: Socket;
  readonly #tls: ReturnType<typeof makeTLSClient>;

  constructor(transport: Socket, options: ClientOptions) {
    super({ allowHalfOpen: false });
    this.#transport = transport;
    this.#tls = makeTLSClient({
      ...options,
      write({ header, content }) {
        transport.cork();
        transport.write(header);
        transport.write(content);
        process.nextTick(() => transport.uncork());
      },
      onHandshake: () => void this.emit('secure'),
      onApplicationData: (plaintext) => void this.push(plaintext),
      onTlsEnd: (error) => void (error === undefined ? this.push(null) : this.destroy(error)),
    });
    transport.on('data', (chunk: Buffer) => void this.#tls.handleReceivedBytes(chunk));
    transport.on('error', () => undefined).on('close', () => this.destroy());
    void this.#tls.startHandshake();
  }

  override _read(): void {
    // it has no backpressure
  }

  override _write(chunk: Buffer, _: string, done: (error?: Error) => void): void {
    this.#tls.write(chunk).then(() => done(), done);
  }

  override _final(done: (error?: Error) => void): void {
    void this.#tls.end().then(() => this.#transport.end());
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#transport.destroy();
    done(error);
  }
}
