import { createRoot } from '@org/pki';
import type {
  ConnectionInfo,
  EngineSink,
  ServerConfig,
  TlsBackend,
  TlsClientContext,
  TlsEngine,
  TlsError,
  TlsServerContext,
  TlsSession,
} from '@org/tls-core';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';

/** The backends, each of which is a server's and a client's. */
export const backends: readonly (readonly [name: string, backend: TlsBackend])[] = [
  ['pure', createPure()],
  ['native', createNative()],
];

const root = await createRoot();
const { chainPem, privateKeyPem } = await root.issue({ names: ['localhost'] });

/** What servers of one fleet prove themselves with. */
export const identity = { certificateChain: chainPem, privateKey: privateKeyPem };
export const trust = root.certificatePem;

export function serverOf(backend: TlsBackend, config: Partial<ServerConfig>): TlsServerContext {
  return backend.createServerContext({ identity, ...config });
}

export interface Exchanged {
  /** What the server says of the connection. */
  readonly info: ConnectionInfo;
  /** The last session that the client got. */
  readonly session: TlsSession | undefined;
  /** Early data that the server took. */
  readonly early: string;
  readonly warnings: readonly TlsError[];
}

/** Does one handshake in memory. The server sends some data behind it, which comes behind the tickets. */
export async function exchange(
  client: TlsClientContext,
  server: TlsServerContext,
  { session, early }: { readonly session?: TlsSession | undefined; readonly early?: string } = {},
): Promise<Exchanged> {
  const serverEnd = new End();
  const clientEnd = new End();
  serverEnd.engine = server.createEngine(serverEnd.sink);
  const options = {
    serverName: 'localhost',
    earlyData: early !== undefined,
    ...(session !== undefined && { session }),
  };
  clientEnd.engine = client.createEngine(options, clientEnd.sink);
  serverEnd.engine.start();
  clientEnd.engine.start();
  if (early !== undefined) clientEnd.engine.send(Buffer.from(early));
  while (clientEnd.plaintext === '') {
    if (serverEnd.info !== undefined && !serverEnd.hasSent) {
      serverEnd.hasSent = true;
      serverEnd.engine.send(Buffer.from('behind the tickets'));
    }
    // The ends answer each other, one after the other.
    // oxlint-disable-next-line no-await-in-loop
    if (!clientEnd.deliverTo(serverEnd) && !serverEnd.deliverTo(clientEnd)) await activity(clientEnd, serverEnd);
  }
  const { info } = serverEnd;
  serverEnd.engine.destroy();
  clientEnd.engine.destroy();
  if (info === undefined) throw new Error('the server has done no handshake');
  return { info, session: clientEnd.session, early: serverEnd.early, warnings: serverEnd.warnings };
}

function activity(...ends: readonly End[]): Promise<void> {
  return new Promise((resolve) => {
    for (const end of ends) end.onActivity = resolve;
  });
}

class End {
  engine: TlsEngine | undefined;
  info: ConnectionInfo | undefined;
  session: TlsSession | undefined;
  plaintext = '';
  early = '';
  hasSent = false;
  readonly warnings: TlsError[] = [];
  onActivity: () => void = () => undefined;
  readonly #outgoing: Uint8Array[] = [];
  #failure: TlsError | undefined;

  readonly sink: EngineSink = {
    ciphertext: (batch) => this.#note(() => this.#outgoing.push(new Uint8Array(batch))),
    plaintext: (batch) => this.#note(() => (this.plaintext += Buffer.from(batch).toString())),
    earlyData: (batch) => this.#note(() => (this.early += Buffer.from(batch).toString())),
    handshake: (info) => this.#note(() => (this.info = info)),
    session: (session) => this.#note(() => (this.session = session)),
    failed: (error) => this.#note(() => (this.#failure = error)),
    warning: (warning) => this.warnings.push(warning),
    keyLog: () => undefined,
    closed: () => undefined,
  };

  /** @returns false: there was nothing to deliver */
  deliverTo(other: End): boolean {
    if (this.#failure !== undefined) throw this.#failure;
    const batches = this.#outgoing.splice(0);
    for (const batch of batches) other.engine?.receive(batch);
    return batches.length > 0;
  }

  #note(act: () => void): void {
    act();
    this.onActivity();
  }
}
