import { TlsError, type ConnectionInfo, type EngineSink, type TlsEngine, type TlsSession } from '@org/tls-core';

/** Who is told of a connection's facts before its stream is. */
export interface ConnectionWatch {
  readonly handshake: (info: ConnectionInfo) => void;
  readonly session: (session: TlsSession) => void;
  /** Hears of bytes that came before the handshake began, and says whether that is enough for now. */
  readonly early?: (bytes: Uint8Array) => boolean;
}

/**
 * An engine that is made when its connection begins. Until then, Node lets a program say what the handshake is to be: `setSession`,
 * `setServername`, a listener of `keylog`. What is sent and what comes meanwhile waits here.
 *
 * It also has two habits of Node that the contract does not have: to close before the handshake is done waits for it, and the end of the
 * transport without close_notify is an end when the handshake is done.
 */
export class DeferredEngine implements TlsEngine {
  /** Bytes that one call of the engine proper is given at most, which makes records of no more. */
  maxFragment: number = Number.POSITIVE_INFINITY;
  /** True: nothing more is sent, as where Node ends a connection without an alert. */
  isMuted = false;
  readonly #sink: EngineSink;
  readonly #watch: ConnectionWatch;
  #real: TlsEngine | undefined;
  #waiting: ((engine: TlsEngine) => void)[] = [];
  #isHolding = false;
  #hasReceived = false;
  #isSecure = false;
  #isClosing = false;
  /** The transport has ended without close_notify. The engine has failed by that, and nobody is to hear of it. */
  #isCutOff = false;
  #isPeerClosed = false;
  #isDestroyed = false;
  #failure: TlsError | undefined;
  /** What came behind the handshake, until `announced`: nobody is to read before it is known that the connection is secure. */
  #unannounced: (() => void)[] | undefined;

  constructor(sink: EngineSink, watch: ConnectionWatch) {
    this.#sink = sink;
    this.#watch = watch;
  }

  get isInputHeld(): boolean {
    return this.#real?.isInputHeld ?? this.#isHolding;
  }

  /** True once the engine proper is there, or is not to come. */
  get isBegun(): boolean {
    return this.#real !== undefined || this.#isDestroyed || this.#failure !== undefined;
  }

  /** True once the peer has said that nothing more comes, or has ended the connection. */
  get isPeerClosed(): boolean {
    return this.#isPeerClosed;
  }

  /** Does nothing: `begin` starts the engine proper. */
  start(): void {}

  /** Takes the engine proper, which reports to `makeSink()`, starts it and gives it what waits. */
  begin(real: TlsEngine): void {
    this.#real = real;
    real.start();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const act of waiting) act(real);
    if (this.#isHolding && !real.isInputHeld) this.#sink.inputResumed?.();
    this.#isHolding = false;
  }

  receive(ciphertext: Uint8Array): void {
    if (this.#isCutOff) return;
    // who does not speak TLS gets no alert, as of OpenSSL
    if (!this.#hasReceived && !isRecordType(ciphertext[0])) this.isMuted = true;
    this.#hasReceived = true;
    if (this.#real !== undefined) {
      this.#real.receive(ciphertext);
      return;
    }
    const copy = ciphertext.slice();
    this.#whenBegun((engine) => engine.receive(copy));
    this.#isHolding = this.#watch.early?.(copy) ?? true;
  }

  receiveEnd(): void {
    if (this.#real !== undefined && !this.#isCutOff) this.#real.receiveEnd();
    else this.fail(new TlsError('ERR_TLS_TRUNCATED', 'the connection ended before the handshake began'));
  }

  send(plaintext: Uint8Array): void {
    if (this.#isCutOff) return;
    for (let at = 0; at < plaintext.length; at += this.maxFragment) {
      const fragment = plaintext.subarray(at, at + this.maxFragment);
      if (this.#real !== undefined) {
        this.#real.send(fragment);
      } else {
        const copy = fragment.slice();
        this.#whenBegun((engine) => engine.send(copy));
      }
    }
  }

  close(): void {
    this.#isClosing = true;
    if (this.#isSecure && !this.#isCutOff) this.#real?.close();
  }

  requestKeyUpdate(): void {
    this.#begun().requestKeyUpdate();
  }

  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    return this.#begun().exportKeyingMaterial(label, context, length);
  }

  fail(error: TlsError): void {
    if (this.#real !== undefined) {
      this.#real.fail(error);
    } else if (!this.isBegun) {
      this.#failure = error;
      this.#sink.failed(error);
    }
  }

  destroy(): void {
    this.#isDestroyed = true;
    this.#waiting = [];
    this.#real?.destroy();
  }

  /** @throws TlsError `ERR_TLS_API_MISUSE` before the handshake has begun */
  #begun(): TlsEngine {
    if (this.#real === undefined) throw new TlsError('ERR_TLS_API_MISUSE', 'the handshake has not begun');
    return this.#real;
  }

  #whenBegun(act: (engine: TlsEngine) => void): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#real === undefined) this.#waiting.push(act);
    else act(this.#real);
  }

  /** Gives what came behind the handshake. */
  announced(): void {
    const waiting = this.#unannounced ?? [];
    this.#unannounced = undefined;
    for (const tell of waiting) if (!this.#isDestroyed) tell();
  }

  /** The sink of the engine proper. */
  makeSink(): EngineSink {
    const sink = this.#sink;
    return {
      ...sink,
      ciphertext: (batch) => {
        if (!this.isMuted) sink.ciphertext(batch);
      },
      plaintext: (batch) => this.#tell(() => sink.plaintext(batch)),
      closed: () => {
        this.#isPeerClosed = true;
        this.#tell(() => sink.closed());
      },
      handshake: (info) => {
        this.#isSecure = true;
        this.#unannounced = [];
        this.#watch.handshake(info);
        sink.handshake(info);
        if (this.#isClosing) this.#real?.close();
      },
      session: (session) => this.#watch.session(session),
      failed: (error) => {
        const isCutOff = this.#isSecure && error.code === 'ERR_TLS_TRUNCATED';
        this.#isCutOff = isCutOff;
        this.#isPeerClosed ||= isCutOff;
        this.#tell(() => (isCutOff ? sink.closed() : sink.failed(error)));
      },
    };
  }

  #tell(fact: () => void): void {
    if (this.#unannounced === undefined) fact();
    else this.#unannounced.push(fact);
  }
}

/** True for change_cipher_spec, alert, handshake and application_data (RFC 8446 §5.1). */
function isRecordType(type: number | undefined): boolean {
  return type === undefined || (type >= 20 && type <= 23);
}
