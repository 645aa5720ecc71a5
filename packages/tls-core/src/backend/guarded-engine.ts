import type { EngineSink, TlsEngine } from '../engine.ts';
import type { KeyLog } from '../key-log.ts';
import { TlsError } from '../tls-error.ts';
import { EngineFrame } from './engine-frame.ts';
import { LentMemory } from './lent-memory.ts';
import { OptionalHooks } from './optional-hooks.ts';
import { Pause } from './pause.ts';

/**
 * The life that every engine has by the contract in `engine.ts`: which calls are allowed when, what is held while a hook or a thread is at
 * work, how a connection ends. An engine extends it by what the protocol or the platform's library does.
 */
export abstract class GuardedEngine implements TlsEngine {
  protected readonly sink: EngineSink;
  protected readonly frame: EngineFrame;
  protected readonly pause: Pause;
  /** What goes to `sink.plaintext`, in memory that the sink may lend. */
  protected readonly plaintext: LentMemory;
  /** What goes to `sink.ciphertext`, likewise. */
  protected readonly ciphertext: LentMemory;
  /** The hooks that the connection can do without. */
  protected readonly optionalHooks: OptionalHooks;
  /** Data that waits until it may be sent, oldest first; copies. It has no bound here: the owner knows what it sends. */
  protected readonly unsent: Uint8Array[] = [];
  #isEstablished = false;
  #hasSent = false;
  #isCloseRequested = false;
  #isPeerClosed = false;

  constructor(sink: EngineSink) {
    this.sink = sink;
    this.frame = new EngineFrame(sink, {
      giveUp: (error) => this.giveUp(error),
      release: () => {
        this.optionalHooks.end();
        this.unsent.length = 0;
        this.pause.clear();
        this.release();
      },
      giveBack: () => {
        this.plaintext.giveBack();
        this.ciphertext.giveBack();
      },
    });
    this.plaintext = new LentMemory(this.frame, sink, 'plaintext');
    this.ciphertext = new LentMemory(this.frame, sink, 'ciphertext');
    this.pause = new Pause(this.frame, sink, {
      read: (ciphertext) => this.#read(ciphertext),
      readEnd: () => this.#readEnd(),
      finishWork: () => this.finishWork(),
    });
    this.optionalHooks = new OptionalHooks((warning) => this.frame.warn(warning));
  }

  get isInputHeld(): boolean {
    return this.pause.isOn && !this.frame.isOver;
  }

  start(): void {
    this.frame.start(() => {
      this.begin();
      this.finishWork();
    });
  }

  /**
   * Tells a secret, in a line of NSS key log format.
   * @param log the configuration's
   */
  protected tellKey(line: string, log: boolean | KeyLog): void {
    this.frame.tell(() => this.sink.keyLog(line));
    if (typeof log === 'function') this.frame.tell(() => log(line));
  }

  receive(ciphertext: Uint8Array): void {
    this.frame.refuseBeforeStart();
    if (ciphertext.length === 0) return;
    this.frame.runWith(this.#receive, this.frame.kept(ciphertext));
  }

  // The work of the two calls that bulk data consists of is made once for each connection, and not for each call.
  readonly #receive = (input: Uint8Array): void => {
    if (this.frame.isOver) return;
    if (!this.#isPeerClosed) this.pause.receive(input);
    this.finishWork();
  };

  readonly #send = (content: Uint8Array): void => {
    if (this.frame.isOver) return;
    if (this.#isEstablished) this.write(content);
    else this.writeEarly(content);
    this.finishWork();
  };

  receiveEnd(): void {
    this.frame.refuseBeforeStart();
    this.#run(() => this.pause.receiveEnd());
  }

  send(plaintext: Uint8Array): void {
    this.frame.refuseAfterFailure();
    if (this.#isCloseRequested) throw misuse('data cannot be sent behind close()');
    if (plaintext.length === 0) return;
    this.#hasSent = true;
    this.frame.runWith(this.#send, this.frame.kept(plaintext));
  }

  close(): void {
    this.frame.refuseAfterFailure();
    if (this.#isCloseRequested) return;
    this.#isCloseRequested = true;
    this.#run(() => {
      if (this.#isEstablished) this.writeClose();
      else if (!this.#hasSent) throw new TlsError('ERR_TLS_ABORTED', 'closed before the handshake was done');
    });
  }

  requestKeyUpdate(): void {
    this.frame.refuseAfterFailure();
    if (!this.#isEstablished) throw misuse('keys can be updated once the handshake is done');
    if (this.#isCloseRequested) throw misuse('keys cannot be updated behind close()');
    if (!this.canUpdateKeys) throw misuse('TLS 1.2 cannot update its keys');
    this.#run(() => this.updateKeys());
  }

  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    this.frame.refuseAfterFailure();
    if (!this.#isEstablished) throw misuse('keying material can be exported once the handshake is done');
    return this.exportMaterial(label, context, length);
  }

  exportEarlyKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    this.frame.refuseAfterFailure();
    return this.exportEarlyMaterial(label, context, length);
  }

  fail(error: TlsError): void {
    this.frame.fail(error);
  }

  destroy(): void {
    this.frame.destroy();
  }

  /** The handshake is done, and data may be sent. */
  protected get isEstablished(): boolean {
    return this.#isEstablished;
  }

  /** The owner has said that it sends no more. What it gave before goes out first. */
  protected get isCloseRequested(): boolean {
    return this.#isCloseRequested;
  }

  /** The peer has said that it sends no more (RFC 8446 §6.1): what follows is ignored. */
  protected get isPeerClosed(): boolean {
    return this.#isPeerClosed;
  }

  protected noteEstablished(): void {
    this.#isEstablished = true;
  }

  /** Tells that the peer's close_notify has come. */
  protected tellClosed(): void {
    this.#isPeerClosed = true;
    this.frame.tell(() => this.sink.closed());
  }

  /** Begins the handshake. */
  protected abstract begin(): void;
  /** Reads what has come from the transport, while nothing pauses. */
  protected abstract read(ciphertext: Uint8Array): void;
  /** Sends data of an open connection. */
  protected abstract write(plaintext: Uint8Array): void;
  /** Sends data before the handshake is done, or adds it to `unsent`. */
  protected abstract writeEarly(plaintext: Uint8Array): void;
  /** Sends close_notify, once. */
  protected abstract writeClose(): void;
  protected abstract get canUpdateKeys(): boolean;
  protected abstract updateKeys(): void;
  protected abstract exportMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array;
  protected abstract exportEarlyMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array;
  /** Says goodbye, as `FrameOwner` has it. */
  protected abstract giveUp(error: TlsError): void;
  /** Wipes what is secret and frees the rest. */
  protected abstract release(): void;

  /** Hands over what one call's work has gathered. */
  protected finishWork(): void {
    // an engine that hands over at once has nothing to do
  }

  #run(work: () => void): void {
    this.frame.run(() => {
      work();
      this.finishWork();
    });
  }

  #read(ciphertext: Uint8Array): void {
    if (!this.#isPeerClosed) this.read(ciphertext);
  }

  #readEnd(): void {
    if (this.#isPeerClosed) return;
    const when = this.#isEstablished ? 'without close_notify: data may be missing' : 'in the middle of the handshake';
    throw new TlsError('ERR_TLS_TRUNCATED', `the connection ended ${when}`);
  }
}

function misuse(message: string): TlsError {
  return new TlsError('ERR_TLS_API_MISUSE', message);
}
