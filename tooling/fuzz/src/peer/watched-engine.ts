import {
  isTlsError,
  type ConnectionInfo,
  type EngineSink,
  type TlsEngine,
  type TlsError,
  type TlsSession,
} from '@org/tls-core';
import { Finding } from '../fuzzer.ts';

export interface WatchOptions {
  /** Whether the sink has `earlyData`. */
  readonly takesEarlyData?: boolean;
  /** Whether it was configured by chance: hooks may be anything, secrets may be logged, and failures may be its own fault. */
  readonly mayMisconfigure?: boolean;
  /** Tells what the application's own key log throws: as what a sink throws, it comes out of any call. */
  readonly isOwn?: (error: unknown) => boolean;
  /** What its owner does inside any event; it may throw what an engine throws. */
  readonly act?: (engine: WatchedEngine) => void;
}

/** An engine whose promises are watched. What it breaks is thrown at once, or kept where nobody could catch it. */
export class WatchedEngine implements EngineSink {
  readonly engine: TlsEngine;
  readonly #options: WatchOptions;
  outgoing: Uint8Array[] = [];
  readonly received: Uint8Array[] = [];
  readonly sessions: TlsSession[] = [];
  readonly earlyData?: (batch: Uint8Array) => void;
  info: ConnectionInfo | undefined;
  failure: TlsError | undefined;
  isClosed = false;
  broken: Finding | undefined;
  #sent = 0;
  /** Is called when the engine did something by itself. */
  wake: (() => void) | undefined;

  constructor(make: (sink: EngineSink) => TlsEngine, options: WatchOptions = {}) {
    this.#options = options;
    if (options.takesEarlyData === true) {
      this.earlyData = (batch) => {
        if (this.info !== undefined) this.#break('early data behind the handshake');
        this.#note('early data', batch);
        this.#act();
      };
    }
    this.engine = make(this);
  }

  start(): void {
    this.#call(() => this.engine.start());
  }
  receive(bytes: Uint8Array): void {
    const copy = bytes.slice();
    this.#call(() => this.engine.receive(copy));
    copy.fill(0xdb); // the buffer belongs to the caller again
  }
  receiveEnd(): void {
    this.#call(() => this.engine.receiveEnd());
  }
  send(bytes: Uint8Array): void {
    this.#call(() => this.engine.send(bytes));
  }
  close(): void {
    this.#call(() => this.engine.close());
  }

  ciphertext(batch: Uint8Array): void {
    this.#sent += 1;
    this.#note('ciphertext', batch);
    this.outgoing.push(batch);
    this.#act();
  }
  plaintext(batch: Uint8Array): void {
    if (this.info === undefined) this.#break('plaintext before the handshake');
    if (this.isClosed) this.#break('plaintext behind closed');
    this.#note('plaintext', batch);
    this.received.push(batch);
    this.#act();
  }
  handshake(info: ConnectionInfo): void {
    if (this.info !== undefined) this.#break('a second handshake');
    this.#note('handshake');
    this.info = info;
    this.#act();
  }
  session(session: TlsSession): void {
    this.#note('session');
    this.sessions.push(session);
    this.#act();
  }
  keyLog(): void {
    if (this.#options.mayMisconfigure !== true) this.#break('a key log that nobody asked for');
  }
  closed(): void {
    if (this.isClosed) this.#break('closed twice');
    this.#note('closed');
    this.isClosed = true;
    this.#act();
  }
  failed(error: TlsError): void {
    this.#note('failed');
    this.failure = error;
    if (!isTlsError(error)) this.#break('a failure that is no TlsError', error);
    else if (this.#options.mayMisconfigure !== true && blameless.has(error.family))
      this.#break(`the peer's fault is ${error.code}`, error);
    else if (error.direction === 'sent' && error.alert !== undefined && this.#sent === 0 && !this.isClosed)
      this.#break(`no alert was sent for ${error.code}`, error);
  }

  /** Checks that every call after the failure throws it. */
  checkEnd(): void {
    this.#throwBroken();
    const { failure } = this;
    if (failure === undefined || this.#isDestroyed) return;
    for (const call of [
      () => this.engine.receive(new Uint8Array(1)),
      () => this.engine.send(new Uint8Array(1)),
      () => this.engine.close(),
    ]) {
      const thrown = thrownBy(call);
      if (thrown !== failure) throw new Finding('a call after the failure does not throw it', { cause: thrown });
    }
    this.#throwBroken();
  }

  destroy(): void {
    this.#isDestroyed = true;
    this.engine.destroy();
    this.engine.destroy();
  }

  get isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  #isDestroyed = false;
  #depth = 0;

  /** Acts inside the owner's own events too, but not endlessly. */
  #act(): void {
    const { act } = this.#options;
    if (act === undefined || this.#isDestroyed || this.failure !== undefined || this.#depth > 2) return;
    this.#depth += 1;
    try {
      act(this);
    } catch (error) {
      const isExpected = isTlsError(error) && (error === this.failure || error.code === 'ERR_TLS_API_MISUSE');
      if (!isExpected) this.#break('a call from within an event throws something else than misuse', error);
    } finally {
      this.#depth -= 1;
    }
  }

  #call(call: () => void): void {
    const { failure } = this;
    const thrown = thrownBy(call);
    this.#throwBroken();
    // An eager owner may have closed or destroyed the engine meanwhile.
    if (this.#options.act !== undefined && isTlsError(thrown) && thrown.code === 'ERR_TLS_API_MISUSE') return;
    if (this.#options.isOwn?.(thrown) === true) return;
    if (thrown !== undefined && thrown !== failure && thrown !== this.failure)
      throw new Finding('a call throws something else than the failure', { cause: thrown });
  }

  #throwBroken(): void {
    if (this.broken !== undefined) throw this.broken;
  }

  #note(event: string, batch?: Uint8Array): void {
    if (this.#isDestroyed) this.#break(`${event} of an engine that was destroyed`);
    if (this.failure !== undefined) this.#break(`${event} behind the failure`, this.failure);
    if (batch?.length === 0) this.#break(`${event} without a byte`);
    this.wake?.();
  }

  #break(promise: string, cause?: unknown): void {
    this.broken ??= new Finding(promise, { cause });
  }
}

/** The families of errors that are never a peer's fault. */
const blameless: ReadonlySet<string> = new Set(['backend', 'misuse']);

function thrownBy(call: () => void): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}
