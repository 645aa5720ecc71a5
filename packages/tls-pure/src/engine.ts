import {
  AlertDescription,
  isPromiseLike,
  isTlsError,
  TlsError,
  type EngineSink,
  type MaybePromise,
  type TlsEngine,
} from '@org/tls-core';
import { copyBytes } from './crypto/bytes.ts';
import { EarlySender } from './handshake/early-sender.ts';
import type { Established, KeyUpdates } from './handshake/established.ts';
import { HandshakeIo, type EarlyExporter } from './handshake/handshake-io.ts';
import type { CommonSettings } from './handshake/settings.ts';
import { needChangeCipherSpec, needMessage, type Handshake } from './handshake/steps.ts';
import { HeldInput } from './record/held-input.ts';
import { Inbound } from './record/inbound.ts';
import { RecordWriter } from './record/record-writer.ts';
import { HandshakeType, type HandshakeMessage } from './wire/handshake-message.ts';
import { decodeKeyUpdate, encodeKeyUpdate } from './wire/messages/key-update.ts';

const alertLevel = { warning: 1, fatal: 2 } as const;

/** What makes one side of a connection. */
export interface EngineRole {
  readonly role: 'client' | 'server';
  readonly settings: CommonSettings;
  handshake(io: HandshakeIo): Handshake<Established>;
}

/** A TLS connection without I/O: drives the handshake, then protects and opens records. */
export class PureEngine implements TlsEngine {
  readonly #role: EngineRole;
  readonly #sink: EngineSink;
  readonly #inbound: Inbound;
  readonly #writer = new RecordWriter();

  /** The handshake under way; `undefined` before `start` and once it is done. */
  #handshake: Handshake<Established> | undefined;
  #io: HandshakeIo | undefined;
  #isWaitingForMessage = false;
  #isStarted = false;
  /** A hook's Promise is pending: what arrives is held. */
  #isPaused = false;
  readonly #held = new HeldInput();

  /** There once the handshake is done. */
  #established: Established | undefined;
  /** What was to be sent and could not be yet. */
  #unsent: Uint8Array[] = [];
  /** A client's early data (RFC 8446 §4.2.10), while it may be sent. */
  #earlySender: EarlySender | undefined;
  /** A server whose client sends early data answers before the handshake is done. */
  #sendsHalfRtt = false;
  /** Early data that goes to `plaintext`, since the sink does not want it earlier. */
  #heldEarlyData: Uint8Array[] = [];
  #earlyExporter: EarlyExporter | undefined;

  #failure: TlsError | undefined;
  #isDestroyed = false;
  #isCloseRequested = false;
  #isCloseSent = false;
  #isPeerClosed = false;
  #owesKeyUpdate = false;

  constructor(role: EngineRole, sink: EngineSink) {
    this.#role = role;
    this.#sink = sink;
    this.#inbound = new Inbound({
      isStopped: () => this.#isPaused || this.#isDestroyed || this.#isPeerClosed,
      handshake: () => this.#readHandshake(),
      changeCipherSpec: () => this.#advance(undefined),
      earlyData: (content) => this.#readEarlyData(content),
      closed: () => {
        this.#deliverBatch();
        this.#isPeerClosed = true;
        this.#sink.closed();
      },
    });
  }

  get isInputHeld(): boolean {
    return this.#isPaused;
  }

  start(): void {
    this.#refuseAfterFailure();
    if (this.#isStarted) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was already started');
    this.#isStarted = true;
    this.#run(() => {
      this.#io = new HandshakeIo(
        {
          writer: this.#writer,
          inbound: this.#inbound,
          keyLog: (line) => this.#sink.keyLog(line),
          startEarlyData: (maxLength, isSentAgain) => this.#startEarlyData(maxLength, isSentAgain),
          endEarlyData: (isAccepted) => this.#endEarlyData(isAccepted),
          startHalfRtt: () => this.#startHalfRtt(),
          earlyExporter: (exporter) => {
            this.#earlyExporter = exporter;
          },
          session: (session) => {
            if (!this.#isDestroyed) this.#sink.session(session);
          },
          background: (pending) => this.#background(pending),
        },
        this.#role.settings,
      );
      this.#inbound.acceptsEarlyChangeCipherSpec = this.#role.role === 'client';
      this.#handshake = this.#role.handshake(this.#io);
      this.#advance(undefined);
    });
  }

  receive(ciphertext: Uint8Array): void {
    this.#refuseAfterFailure();
    this.#refuseBeforeStart();
    if (this.#isPeerClosed) return; // §6.1: what follows close_notify is ignored
    this.#run(() => {
      if (this.#isPaused) this.#held.push(ciphertext);
      else this.#read(ciphertext);
    });
  }

  receiveEnd(): void {
    this.#refuseAfterFailure();
    this.#refuseBeforeStart();
    this.#held.isEnded = true;
    if (!this.#isPaused) this.#run(() => this.#checkEnd());
  }

  send(plaintext: Uint8Array): void {
    this.#refuseAfterFailure();
    if (this.#isCloseRequested) throw new TlsError('ERR_TLS_API_MISUSE', 'data cannot be sent behind close()');
    if (plaintext.length === 0) return;
    if (this.#established !== undefined || this.#sendsHalfRtt) this.#run(() => this.#write(plaintext));
    else if (this.#earlySender !== undefined) this.#run(() => this.#sendEarly(plaintext));
    else this.#unsent.push(copyBytes(plaintext));
  }

  close(): void {
    this.#refuseAfterFailure();
    if (this.#isCloseRequested) return;
    this.#isCloseRequested = true;
    if (this.#established !== undefined) this.#run(() => this.#sendCloseNotify());
  }

  requestKeyUpdate(): void {
    this.#refuseAfterFailure();
    const established = this.#established;
    if (established === undefined)
      throw new TlsError('ERR_TLS_API_MISUSE', 'keys can be updated once the handshake is done');
    if (this.#isCloseRequested) throw new TlsError('ERR_TLS_API_MISUSE', 'keys cannot be updated behind close()');
    const { update } = established.keys;
    if (update === undefined) throw new TlsError('ERR_TLS_API_MISUSE', 'TLS 1.2 cannot update its keys');
    this.#run(() => {
      this.#inbound.awaitKeyUpdate();
      this.#updateWriteKeys(update, true);
    });
  }

  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    this.#refuseAfterFailure();
    if (this.#established === undefined)
      throw new TlsError('ERR_TLS_API_MISUSE', 'keying material can be exported once the handshake is done');
    return this.#established.keys.exportKeyingMaterial(label, context, length);
  }

  exportEarlyKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    this.#refuseAfterFailure();
    if (this.#earlyExporter === undefined)
      throw new TlsError('ERR_TLS_API_MISUSE', 'there is no early data, and so no early secret');
    return this.#earlyExporter(label, context, length);
  }

  fail(error: TlsError): void {
    this.#refuseAfterFailure();
    this.#run(() => {
      throw error;
    });
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#release();
  }

  /** The outermost frame of every entry: whatever is thrown within becomes the connection's one failure. */
  #run(work: () => void): void {
    try {
      work();
      this.#deliverBatch();
      this.#flush();
    } catch (error) {
      this.#abort(isTlsError(error) ? error : new TlsError('ERR_TLS_BACKEND', 'an internal error', { cause: error }));
    }
  }

  #abort(error: TlsError): void {
    if (this.#isDestroyed) return;
    this.#failure = error;
    this.#deliverBatch(); // what came before the fault is not lost
    if (error.direction === 'sent' && error.alert !== undefined && !this.#isCloseSent) {
      this.#writer.alert(alertLevel.fatal, error.alert);
    }
    this.#flush();
    this.#release();
    if (!this.#isDestroyed) this.#sink.failed(error);
  }

  #flush(): void {
    const batch = this.#writer.flush();
    if (batch !== undefined && !this.#isDestroyed) this.#sink.ciphertext(batch);
  }

  /** Wipes every secret and drops what is held. */
  #release(): void {
    this.#io?.wipe();
    this.#established?.keys.wipe();
    this.#handshake = undefined;
    this.#earlyExporter = undefined;
    this.#earlySender = undefined;
    this.#heldEarlyData = [];
    this.#unsent = [];
    this.#held.clear();
    this.#inbound.takeBatch();
  }

  #refuseAfterFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isDestroyed) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was destroyed');
  }

  #refuseBeforeStart(): void {
    if (!this.#isStarted) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was not started');
  }

  // The handshake

  /** Resumes the handshake until it needs what is not there yet. */
  #advance(resumeWith: unknown): void {
    this.#drive(this.#handshake?.next(resumeWith));
  }

  #drive(first: IteratorResult<unknown, Established> | undefined): void {
    let step = first;
    while (step !== undefined) {
      if (step.done === true) {
        this.#finishHandshake(step.value);
        return;
      }
      if (step.value === needChangeCipherSpec) {
        this.#inbound.refuseUnfinished('expected ChangeCipherSpec, got a handshake message');
        this.#inbound.changeCipherSpecMode = 'await';
        return;
      }
      if (step.value !== needMessage) {
        this.#pause(step.value as PromiseLike<unknown>); // a Step is one or the other
        return;
      }
      const message = this.#inbound.takeMessage();
      if (message === undefined) {
        this.#isWaitingForMessage = true;
        return;
      }
      step = this.#handshake?.next(message);
    }
  }

  #pause(pending: PromiseLike<unknown>): void {
    if (!isPromiseLike(pending)) throw new Error('a handshake yielded neither a need for input nor a Promise');
    this.#isPaused = true;
    pending.then(
      (value) => this.#resume(() => this.#advance(value)),
      (error: unknown) => this.#resume(() => this.#drive(this.#handshake?.throw(error))),
    );
  }

  #resume(goOn: () => void): void {
    if (this.#isDestroyed || this.#failure !== undefined) return;
    this.#isPaused = false;
    this.#run(() => {
      goOn();
      this.#readHeld();
    });
  }

  #readHeld(): void {
    while (!this.#isPaused && !this.#isPeerClosed) {
      const next = this.#held.shift();
      if (next === undefined) break;
      this.#read(next);
    }
    if (this.#held.isEnded && !this.#isPaused) this.#checkEnd();
  }

  #finishHandshake(established: Established): void {
    this.#handshake = undefined;
    this.#io?.wipe();
    this.#io = undefined; // an open connection keeps nothing of its handshake
    this.#established = established;
    this.#sendsHalfRtt = false;
    this.#inbound.finishHandshake();
    this.#sink.handshake(established.info);
    for (const content of this.#heldEarlyData.splice(0)) if (!this.#isDestroyed) this.#sink.plaintext(content);
    this.#sendUnsent();
    if (this.#isCloseRequested) this.#sendCloseNotify();
    this.#readHandshake();
  }

  #sendUnsent(): void {
    for (const plaintext of this.#unsent.splice(0)) this.#write(plaintext);
  }

  // Early data

  #startEarlyData(maxLength: number, isSentAgain: boolean): void {
    this.#earlySender = new EarlySender(maxLength, isSentAgain);
    for (const plaintext of this.#unsent.splice(0)) this.#sendEarly(plaintext);
  }

  #sendEarly(plaintext: Uint8Array): void {
    const [now, later] = this.#earlySender?.take(plaintext) ?? [undefined, plaintext];
    if (now !== undefined) this.#writer.applicationData(now);
    if (later !== undefined) this.#unsent.push(copyBytes(later));
  }

  /** What the server did not take is sent again, in front of what waits. */
  #endEarlyData(isAccepted: boolean): void {
    if (!isAccepted) this.#unsent.unshift(...(this.#earlySender?.sent ?? []));
    this.#earlySender = undefined;
  }

  #startHalfRtt(): void {
    if (this.#sink.earlyData === undefined) return; // its owner does not act on what may be a replay
    this.#sendsHalfRtt = true;
    this.#sendUnsent();
  }

  #readEarlyData(content: Uint8Array): void {
    if (this.#sink.earlyData === undefined) this.#heldEarlyData.push(content);
    else if (!this.#isDestroyed) this.#sink.earlyData(content);
  }

  // Incoming

  #read(input: Uint8Array): void {
    this.#inbound.push(input);
    const rest = this.#inbound.read((batch) => this.#deliver(batch));
    if (rest !== undefined && this.#isPaused) this.#held.unshift(rest);
  }

  #readHandshake(): void {
    if (this.#isWaitingForMessage) {
      const message = this.#inbound.takeMessage();
      if (message === undefined) return;
      this.#isWaitingForMessage = false;
      this.#advance(message);
    }
    while (this.#established !== undefined && !this.#isDestroyed) {
      const message = this.#inbound.takeMessage();
      if (message === undefined) return;
      this.#readPostHandshake(this.#established, message);
    }
  }

  /** What may come after the handshake (RFC 8446 §4.6). */
  #readPostHandshake({ keys, receive }: Established, message: HandshakeMessage): void {
    if (message.type === HandshakeType.keyUpdate && keys.update !== undefined) {
      const isUpdateRequested = decodeKeyUpdate(message.body);
      this.#inbound.keyUpdate(isUpdateRequested);
      this.#inbound.openWith(keys.update.updateRead());
      // §4.6.3: one answer serves all requests since our last data; it goes out before the next
      if (isUpdateRequested) this.#owesKeyUpdate = true;
      return;
    }
    this.#inbound.postHandshakeMessage();
    this.#background(receive(message));
  }

  #background(pending: MaybePromise<void>): void {
    if (isPromiseLike(pending)) pending.then(undefined, (error: unknown) => this.#failLater(error));
  }

  #failLater(error: unknown): void {
    if (this.#isDestroyed || this.#failure !== undefined) return;
    this.#run(() => {
      throw error;
    });
  }

  #checkEnd(): void {
    if (this.#isPeerClosed) return;
    const when =
      this.#established === undefined ? 'in the middle of the handshake' : 'without close_notify: data may be missing';
    throw new TlsError('ERR_TLS_TRUNCATED', `the connection ended ${when}`);
  }

  #deliverBatch(): void {
    const batch = this.#inbound.takeBatch();
    if (batch !== undefined) this.#deliver(batch);
  }

  #deliver(batch: Uint8Array): void {
    if (!this.#isDestroyed) this.#sink.plaintext(batch);
  }

  // Outgoing

  #write(plaintext: Uint8Array): void {
    const isNearLimit = this.#writer.isNearLimit(plaintext.length);
    if (this.#owesKeyUpdate || isNearLimit) {
      const update = this.#established?.keys.update;
      // RFC 5246 has no way to change keys but renegotiation
      if (update === undefined)
        throw new TlsError('ERR_TLS_LIMIT', 'the key has protected all the records that it may');
      // RFC 8446 §5.5: a key is changed before it has protected too many records
      this.#updateWriteKeys(update, false);
    }
    this.#writer.applicationData(plaintext);
  }

  #updateWriteKeys(update: KeyUpdates, isUpdateRequested: boolean): void {
    this.#writer.handshake(encodeKeyUpdate(isUpdateRequested));
    this.#writer.protectWith(update.updateWrite());
    this.#owesKeyUpdate = false;
  }

  #sendCloseNotify(): void {
    if (this.#isCloseSent) return;
    this.#isCloseSent = true;
    this.#writer.alert(alertLevel.warning, AlertDescription.closeNotify);
  }
}
