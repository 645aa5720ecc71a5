import type { ConnectionInfo, EngineSink, TlsClientContext, TlsEngine, TlsServerContext } from '../../src/index.ts';
import { TlsError } from '../../src/index.ts';

/** The one byte that ends a direction, as close_notify would. */
const closeMark = 0xff;

export const scriptedInfo: ConnectionInfo = Object.freeze({
  backend: 'scripted',
  implementation: 'test double',
  role: 'client',
  protocol: 'TLSv1.3',
  cipherSuite: 'TLS_AES_128_GCM_SHA256',
  group: 'x25519',
  signatureScheme: undefined,
  alpnProtocol: 'h2',
  serverName: 'localhost',
  resumed: false,
  helloRetryRequest: false,
  earlyData: 'none',
  earlyDataReason: undefined,
  peer: undefined,
  clientAuthentication: 'none',
  clientSignatureScheme: undefined,
  ech: 'none',
  extendedMainSecret: true,
  externalPskIdentity: undefined,
  identityIndex: undefined,
});

/**
 * A test double without secrecy: text passes as it is, `closeMark` ends it. What the adapter must cope with is scripted through `sink`.
 */
export class ScriptedEngine implements TlsEngine {
  isInputHeld = false;
  readonly sink: EngineSink;
  readonly calls: string[] = [];
  readonly sent: Uint8Array[] = [];
  readonly #isDoneAtStart: boolean;
  #failure: TlsError | undefined;
  #isClosed = false;
  isDestroyed = false;

  constructor(sink: EngineSink, isDoneAtStart: boolean) {
    this.sink = sink;
    this.#isDoneAtStart = isDoneAtStart;
  }

  start(): void {
    this.calls.push('start');
    if (this.#isDoneAtStart) this.sink.handshake(scriptedInfo);
  }
  receive(ciphertext: Uint8Array): void {
    this.#refuse();
    const end = ciphertext.indexOf(closeMark);
    const text = end === -1 ? ciphertext : ciphertext.subarray(0, end);
    if (text.length > 0) this.sink.plaintext(new Uint8Array(text));
    if (end === -1) return;
    this.#isClosed = true;
    this.sink.closed();
  }
  receiveEnd(): void {
    this.#refuse();
    if (!this.#isClosed) this.script(new TlsError('ERR_TLS_TRUNCATED', 'the transport ended'));
  }
  send(plaintext: Uint8Array): void {
    this.#refuse();
    this.sent.push(plaintext);
    this.sink.ciphertext(new Uint8Array(plaintext));
  }
  close(): void {
    this.#refuse();
    this.calls.push('close');
    this.sink.ciphertext(Uint8Array.of(closeMark));
  }
  requestKeyUpdate(): void {
    this.calls.push('requestKeyUpdate');
  }
  exportKeyingMaterial(_label: string, _context: Uint8Array | undefined, length: number): Uint8Array {
    return new Uint8Array(length).fill(7);
  }
  fail(error: TlsError): void {
    this.sink.ciphertext(Uint8Array.of(0x15));
    this.script(error);
  }
  destroy(): void {
    this.isDestroyed = true;
  }

  /** Fails as an engine does. */
  script(error: TlsError): void {
    this.#failure = error;
    this.sink.failed(error);
  }

  #refuse(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** An engine that writes into the memory that its sink lends, and notes what that was. */
export class BorrowingEngine extends ScriptedEngine {
  readonly lent: (Uint8Array | undefined)[] = [];

  override start(): void {
    // a reader of HTTP/2 gets what comes in turns, and no memory is lent for that
    this.sink.handshake({ ...scriptedInfo, alpnProtocol: undefined });
  }

  override receive(ciphertext: Uint8Array): void {
    const lent = this.sink.plaintextBuffer?.(ciphertext.length);
    this.lent.push(lent);
    if (!ciphertext.includes(closeMark)) this.sink.plaintext(filled(lent, ciphertext));
    else super.receive(ciphertext);
  }

  override send(plaintext: Uint8Array): void {
    this.sent.push(plaintext);
    const lent = this.sink.ciphertextBuffer?.(plaintext.length);
    this.lent.push(lent);
    this.sink.ciphertext(filled(lent, plaintext));
  }
}

function filled(lent: Uint8Array | undefined, bytes: Uint8Array): Uint8Array {
  if (lent === undefined) return new Uint8Array(bytes);
  lent.set(bytes);
  return lent.subarray(0, bytes.length);
}

/** A client whose engines borrow. */
export function borrowingClient(): { readonly context: TlsClientContext; readonly engine: () => BorrowingEngine } {
  const engines: BorrowingEngine[] = [];
  const context = {
    role: 'client',
    backend: undefined,
    createEngine: (_options: unknown, sink: EngineSink) => keep(engines, new BorrowingEngine(sink, true)),
  } as unknown as TlsClientContext;
  return { context, engine: () => last(engines) };
}

/** A context whose engines are given out, to be scripted. */
export function scriptedClient(isDoneAtStart = true): {
  readonly context: TlsClientContext;
  readonly engine: () => ScriptedEngine;
} {
  const engines: ScriptedEngine[] = [];
  const context = {
    role: 'client',
    backend: undefined,
    createEngine: (_options: unknown, sink: EngineSink) => keep(engines, new ScriptedEngine(sink, isDoneAtStart)),
  } as unknown as TlsClientContext;
  return { context, engine: () => last(engines) };
}

export function scriptedServer(isDoneAtStart = true): {
  readonly context: TlsServerContext;
  readonly engine: () => ScriptedEngine;
} {
  const engines: ScriptedEngine[] = [];
  const context = {
    role: 'server',
    backend: undefined,
    createEngine: (sink: EngineSink) => keep(engines, new ScriptedEngine(sink, isDoneAtStart)),
  } as unknown as TlsServerContext;
  return { context, engine: () => last(engines) };
}

function keep<Engine>(engines: Engine[], engine: Engine): Engine {
  engines.push(engine);
  return engine;
}

function last<Engine>(engines: readonly Engine[]): Engine {
  const engine = engines.at(-1);
  if (engine === undefined) throw new Error('no engine was made');
  return engine;
}
