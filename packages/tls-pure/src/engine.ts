import {
  AlertDescription,
  alertName,
  isPromiseLike,
  isTlsError,
  TlsError,
  type EngineSink,
  type TlsEngine,
} from '@org/tls-core';
import { copyBytes } from './crypto/bytes.ts';
import type { ApplicationKeys, Established } from './handshake/application-keys.ts';
import { HandshakeIo, type HandshakeOwner } from './handshake/handshake-io.ts';
import type { CommonSettings } from './handshake/settings.ts';
import { needMessage, type Handshake } from './handshake/steps.ts';
import { HandshakeJoiner } from './record/handshake-joiner.ts';
import { FloodLimits } from './record/flood-limits.ts';
import { HeldInput } from './record/held-input.ts';
import { PlaintextBatch } from './record/plaintext-batch.ts';
import type { RecordProtection } from './record/record-protection.ts';
import { maxPlaintextLength, RecordReader, type RawRecord } from './record/record-reader.ts';
import { RecordWriter } from './record/record-writer.ts';
import { decodeAlert } from './wire/alert-message.ts';
import { ContentType } from './wire/content-type.ts';
import { HandshakeType, handshakeTypeName, type HandshakeMessage } from './wire/handshake-message.ts';
import { decodeKeyUpdate, encodeKeyUpdate } from './wire/messages/key-update.ts';
import { decodeNewSessionTicket } from './wire/messages/new-session-ticket.ts';

const alertLevel = { warning: 1, fatal: 2 } as const;
/** ChangeCipherSpec records that one handshake may hold; BoringSSL and rustls have limits of the same kind. */
const maxChangeCipherSpecs = 2;
/** What makes one side of a connection. */
export interface EngineRole {
  readonly role: 'client' | 'server';
  readonly settings: CommonSettings;
  handshake(io: HandshakeIo): Handshake<Established>;
}

/** A TLS 1.3 connection without I/O: drives the handshake, then protects and opens records. */
export class PureEngine implements TlsEngine {
  readonly #role: EngineRole;
  readonly #sink: EngineSink;
  readonly #reader = new RecordReader();
  readonly #writer = new RecordWriter();
  readonly #joiner = new HandshakeJoiner();

  /** The handshake under way; `undefined` before `start` and once it is done. */
  #handshake: Handshake<Established> | undefined;
  #isWaitingForMessage = false;
  #isStarted = false;
  /** A hook's Promise is pending: what arrives is held. */
  #isPaused = false;
  readonly #held = new HeldInput();

  /** There once the handshake is done. */
  #keys: ApplicationKeys | undefined;
  /** The peer's records are opened with it. */
  #protection: RecordProtection | undefined;
  /** What was to be sent before the handshake was done. */
  #unsent: Uint8Array[] = [];

  #failure: TlsError | undefined;
  #isDestroyed = false;
  #isCloseRequested = false;
  #isCloseSent = false;
  #isPeerClosed = false;
  #owesKeyUpdate = false;

  #changeCipherSpecs = 0;
  readonly #limits = new FloodLimits();
  /** Bytes of early data that may yet be dropped; `undefined` when there is none to drop. */
  #earlyDataToSkip: number | undefined;

  /** Application data of one `receive`, gathered into one buffer. */
  readonly #batch = new PlaintextBatch();

  constructor(role: EngineRole, sink: EngineSink) {
    this.#role = role;
    this.#sink = sink;
  }

  start(): void {
    this.#refuseAfterFailure();
    if (this.#isStarted) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was already started');
    this.#isStarted = true;
    this.#run(() => {
      const owner: HandshakeOwner = {
        writer: this.#writer,
        openWith: (protection) => this.#openWith(protection),
        skipEarlyData: (maxLength) => {
          this.#earlyDataToSkip = maxLength;
        },
        keyLog: (line) => this.#sink.keyLog(line),
      };
      this.#handshake = this.#role.handshake(new HandshakeIo(owner, this.#role.settings));
      this.#advance(undefined);
    });
  }

  receive(ciphertext: Uint8Array): void {
    this.#refuseAfterFailure();
    this.#refuseBeforeStart();
    if (this.#isPeerClosed) return; // §6.1: what follows close_notify is ignored
    this.#run(() => {
      if (this.#isPaused) {
        this.#held.push(ciphertext);
        return;
      }
      this.#reader.push(ciphertext);
      this.#readRecords();
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
    const keys = this.#keys;
    if (keys === undefined) this.#unsent.push(copyBytes(plaintext));
    else this.#run(() => this.#write(keys, plaintext));
  }

  close(): void {
    this.#refuseAfterFailure();
    if (this.#isCloseRequested) return;
    this.#isCloseRequested = true;
    if (this.#keys !== undefined) this.#run(() => this.#sendCloseNotify());
  }

  requestKeyUpdate(): void {
    this.#refuseAfterFailure();
    const keys = this.#keys;
    if (keys === undefined) throw new TlsError('ERR_TLS_API_MISUSE', 'keys can be updated once the handshake is done');
    if (this.#isCloseRequested) throw new TlsError('ERR_TLS_API_MISUSE', 'keys cannot be updated behind close()');
    this.#run(() => this.#updateWriteKeys(keys, true));
  }

  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    this.#refuseAfterFailure();
    if (this.#keys === undefined)
      throw new TlsError('ERR_TLS_API_MISUSE', 'keying material can be exported once the handshake is done');
    return this.#keys.exportKeyingMaterial(label, context, length);
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
    this.#keys?.wipe();
    this.#handshake = undefined;
    this.#unsent = [];
    this.#held.clear();
    this.#batch.take();
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
      if (step.value !== needMessage) {
        this.#pause(step.value as PromiseLike<unknown>); // a Step is one or the other
        return;
      }
      const message = this.#joiner.take();
      if (message === undefined) {
        this.#isWaitingForMessage = true;
        return;
      }
      step = this.#handshake?.next(message);
    }
  }

  #pause(pending: PromiseLike<unknown>): void {
    if (!isPromiseLike(pending)) throw new Error('a handshake yielded neither a need for a message nor a Promise');
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
      this.#reader.push(next);
      this.#readRecords();
    }
    if (this.#held.isEnded && !this.#isPaused) this.#checkEnd();
  }

  #finishHandshake({ info, keys }: Established): void {
    this.#handshake = undefined;
    this.#keys = keys;
    this.#sink.handshake(info);
    const unsent = this.#unsent;
    this.#unsent = [];
    for (const plaintext of unsent) this.#write(keys, plaintext);
    if (this.#isCloseRequested) this.#sendCloseNotify();
  }

  #openWith(protection: RecordProtection): void {
    if (!this.#joiner.isEmpty) {
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'a handshake message spans a change of keys (§5.1)');
    }
    this.#protection = protection;
  }

  // Records

  #readRecords(): void {
    while (!this.#isPaused && !this.#isDestroyed && !this.#isPeerClosed) {
      const record = this.#reader.next();
      if (record === undefined) return;
      this.#readRecord(record);
    }
    if (this.#isPaused && this.#reader.unread > 0) {
      this.#held.unshift(this.#reader.takeUnread());
    }
  }

  #readRecord({ type, header, fragment }: RawRecord): void {
    if (type === ContentType.changeCipherSpec) {
      this.#readChangeCipherSpec(fragment);
      return;
    }
    if (this.#protection === undefined) {
      if (type === ContentType.applicationData) this.#skipOrRefuse(fragment.length);
      else this.#readPlainRecord(type, fragment);
      return;
    }
    if (type === ContentType.applicationData) {
      this.#readProtectedRecord(this.#protection, header, fragment);
      return;
    }
    // a peer that could not yet make keys reports its failure in the clear
    const isEarlyAlert = type === ContentType.alert && this.#keys === undefined && this.#protection.sequence === 0;
    if (!isEarlyAlert) throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'an unprotected record among protected ones');
    this.#readAlert(fragment);
  }

  #readPlainRecord(type: number, fragment: Uint8Array): void {
    if (fragment.length > maxPlaintextLength) {
      throw new TlsError(
        'ERR_TLS_RECORD_OVERFLOW',
        `expected at most ${maxPlaintextLength} bytes in a record, got ${fragment.length}`,
      );
    }
    if (type === ContentType.alert) this.#readAlert(fragment);
    else this.#readHandshake(copyBytes(fragment));
  }

  #readProtectedRecord(protection: RecordProtection, header: Uint8Array, fragment: Uint8Array): void {
    // handshake messages are kept as views: only application data shares a buffer
    const isBatched = this.#keys !== undefined;
    if (isBatched && !this.#batch.hasRoom(fragment.length)) this.#deliverBatch();
    const out = isBatched ? this.#batch.buffer(fragment.length + this.#reader.unread) : new Uint8Array(fragment.length);
    const at = isBatched ? this.#batch.length : 0;
    const length = this.#open(protection, header, fragment, out, at);
    if (length === undefined) return;
    this.#earlyDataToSkip = undefined;
    if (protection.openedType === ContentType.applicationData) {
      this.#readApplicationData(length);
      return;
    }
    const content = out.subarray(at, at + length);
    if (protection.openedType === ContentType.handshake) this.#readHandshake(isBatched ? copyBytes(content) : content);
    else if (protection.openedType === ContentType.alert) this.#readAlert(content);
    else
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', `content type ${protection.openedType} in a protected record`);
  }

  #open(
    protection: RecordProtection,
    header: Uint8Array,
    fragment: Uint8Array,
    out: Uint8Array,
    at: number,
  ): number | undefined {
    try {
      return protection.open(header, fragment, out, at);
    } catch (error) {
      if (this.#earlyDataToSkip === undefined || !isTlsError(error) || error.code !== 'ERR_TLS_BAD_RECORD_MAC')
        throw error;
      protection.rewind();
      this.#skipOrRefuse(fragment.length);
      return undefined;
    }
  }

  /** §4.2.10: early data that was rejected is dropped, up to a limit. */
  #skipOrRefuse(length: number): void {
    if (this.#earlyDataToSkip === undefined)
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'application data before there are keys for it');
    if (length > this.#earlyDataToSkip)
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'more early data than can be skipped');
    this.#earlyDataToSkip -= length;
  }

  /** §D.4: dropped, as a single byte 0x01 between the first ClientHello and the peer's Finished; else fatal (§5). */
  #readChangeCipherSpec(fragment: Uint8Array): void {
    this.#changeCipherSpecs += 1;
    const isExpected = this.#keys === undefined && (this.#role.role === 'client' || this.#sawClientHello);
    const isWellFormed = fragment.length === 1 && fragment[0] === 1;
    if (!isExpected || !isWellFormed || !this.#joiner.isEmpty || this.#changeCipherSpecs > maxChangeCipherSpecs) {
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'ChangeCipherSpec where none may be (§5)');
    }
  }

  #sawClientHello = false;

  #readAlert(fragment: Uint8Array): void {
    this.#refuseInterleaved();
    const description = decodeAlert(fragment);
    if (description === AlertDescription.userCanceled) {
      this.#limits.warningAlert();
      return;
    }
    if (description === AlertDescription.closeNotify && this.#keys !== undefined) {
      this.#deliverBatch();
      this.#isPeerClosed = true;
      this.#sink.closed();
      return;
    }
    // §6: the level is ignored; every other alert ends the connection, and so does close_notify in a handshake
    throw new TlsError('ERR_TLS_ALERT', `the peer sent the alert ${alertName(description)}`, {
      receivedAlert: description,
    });
  }

  #readApplicationData(length: number): void {
    if (this.#keys === undefined)
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'application data before the handshake is done');
    this.#refuseInterleaved();
    if (length === 0) {
      this.#limits.emptyRecord();
      return;
    }
    this.#limits.reset();
    this.#batch.add(length);
  }

  #refuseInterleaved(): void {
    if (!this.#joiner.isEmpty) {
      throw new TlsError(
        'ERR_TLS_UNEXPECTED_MESSAGE',
        'another record between the fragments of a handshake message (§5.1)',
      );
    }
  }

  #readHandshake(fragment: Uint8Array): void {
    if (fragment.length === 0)
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'a handshake record without content (§5.1)');
    this.#sawClientHello = true;
    this.#joiner.push(fragment);
    if (this.#isWaitingForMessage) {
      const message = this.#joiner.take();
      if (message === undefined) return;
      this.#isWaitingForMessage = false;
      this.#advance(message);
    }
    while (this.#keys !== undefined && !this.#isDestroyed) {
      const message = this.#joiner.take();
      if (message === undefined) return;
      this.#readPostHandshake(this.#keys, message);
    }
  }

  /** What may come after the handshake (RFC 8446 §4.6). */
  #readPostHandshake(keys: ApplicationKeys, { type, body }: HandshakeMessage): void {
    this.#limits.postHandshakeMessage();
    if (type === HandshakeType.keyUpdate) {
      this.#updateReadKeys(keys, decodeKeyUpdate(body));
    } else if (type === HandshakeType.newSessionTicket && this.#role.role === 'client') {
      decodeNewSessionTicket(body); // checked; without a PSK mode offered there is nothing to keep it for
    } else {
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', `${handshakeTypeName(type)} after the handshake (§4.6)`);
    }
  }

  // Keys of an open connection

  #updateReadKeys(keys: ApplicationKeys, isUpdateRequested: boolean): void {
    this.#openWith(keys.updateRead());
    // §4.6.3: one answer serves all requests since our last data; it goes out before the next
    if (isUpdateRequested) this.#owesKeyUpdate = true;
  }

  #updateWriteKeys(keys: ApplicationKeys, isUpdateRequested: boolean): void {
    this.#writer.handshake(encodeKeyUpdate(isUpdateRequested));
    this.#writer.protectWith(keys.updateWrite());
    this.#owesKeyUpdate = false;
  }

  #write(keys: ApplicationKeys, plaintext: Uint8Array): void {
    // §5.5: a key is changed before it has protected too many records
    if (this.#owesKeyUpdate || this.#writer.needsKeyUpdate(plaintext.length)) this.#updateWriteKeys(keys, false);
    this.#writer.applicationData(plaintext);
  }

  #sendCloseNotify(): void {
    if (this.#isCloseSent) return;
    this.#isCloseSent = true;
    this.#writer.alert(alertLevel.warning, AlertDescription.closeNotify);
  }

  #checkEnd(): void {
    if (this.#isPeerClosed) return;
    const when =
      this.#keys === undefined ? 'in the middle of the handshake' : 'without close_notify: data may be missing';
    throw new TlsError('ERR_TLS_TRUNCATED', `the connection ended ${when}`);
  }

  // Application data

  #deliverBatch(): void {
    const batch = this.#batch.take();
    if (batch !== undefined && !this.#isDestroyed) this.#sink.plaintext(batch);
  }
}
