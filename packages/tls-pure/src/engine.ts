import { AlertDescription, TlsError, type EngineSink, type TlsEngine } from '@org/tls-core';
import { EngineFrame, HeldInput, OptionalHooks, copyBytes } from '@org/tls-core/backend';
import { EarlySender } from './handshake/early-sender.ts';
import type { Established, KeyUpdates } from './handshake/established.ts';
import { HandshakeIo, type EarlyExporter } from './handshake/handshake-io.ts';
import type { CommonSettings } from './handshake/settings.ts';
import { needChangeCipherSpec, needMessage, type Handshake, type Step } from './handshake/steps.ts';
import { Inbound, type Incoming } from './record/inbound.ts';
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
  readonly #frame: EngineFrame;
  readonly #inbound = new Inbound();
  readonly #writer = new RecordWriter();

  /** The handshake under way; `undefined` before `start` and once it is done. */
  #handshake: Handshake<Established> | undefined;
  #io: HandshakeIo | undefined;
  /** A hook's Promise is pending: what arrives is held. */
  #isPaused = false;
  readonly #held = new HeldInput();
  readonly #optionalHooks: OptionalHooks;
  /** The transport ended behind what is held. */
  #isEnded = false;

  /** What the handshake handed over; `undefined` until it is done. */
  #established: Established | undefined;
  /** What was to be sent and could not be yet. The owner decides how much it gives us, and so there is no bound here. */
  #unsent: Uint8Array[] = [];
  /** The owner has called `send` with some data. */
  #hasSent = false;
  /** Counts and keeps a client's early data (RFC 8446 §4.2.10); `undefined`: none may be sent. */
  #earlySender: EarlySender | undefined;
  /** The server may send before the handshake is done, because its client sends early data. */
  #sendsHalfRtt = false;
  /** Early data that the sink gets as plaintext when the handshake is done, because it does not want it earlier. */
  readonly #heldEarlyData = new HeldInput();
  #earlyExporter: EarlyExporter | undefined;

  #isCloseRequested = false;
  #isCloseSent = false;
  #isPeerClosed = false;
  #owesKeyUpdate = false;

  constructor(role: EngineRole, sink: EngineSink) {
    this.#role = role;
    this.#sink = sink;
    this.#frame = new EngineFrame(sink, {
      giveUp: (error) => this.#giveUp(error),
      release: () => this.#release(),
    });
    this.#optionalHooks = new OptionalHooks((warning) => this.#frame.warn(warning));
  }

  get isInputHeld(): boolean {
    return this.#isPaused && !this.#frame.isOver;
  }

  start(): void {
    this.#frame.start(() => {
      this.#io = new HandshakeIo(
        {
          writer: this.#writer,
          inbound: this.#inbound,
          checkGoesOn: () => this.#frame.checkGoesOn(),
          keyLog: (line) => this.#frame.tell(() => this.#sink.keyLog(line)),
          startEarlyData: (maxLength, isSentAgain) => this.#startEarlyData(maxLength, isSentAgain),
          endEarlyData: (verdict) => this.#endEarlyData(verdict),
          handsOnEarlyData: this.#sink.earlyData !== undefined,
          startHalfRtt: () => this.#startHalfRtt(),
          earlyExporter: (exporter) => {
            this.#earlyExporter = exporter;
          },
          session: (session) => this.#frame.tell(() => this.#sink.session(session)),
          optionalHooks: this.#optionalHooks,
        },
        this.#role.settings,
      );
      this.#inbound.acceptsEarlyChangeCipherSpec = this.#role.role === 'client';
      if (this.#role.role === 'client') this.#inbound.expectCertificate();
      this.#handshake = this.#role.handshake(this.#io);
      this.#advance(undefined);
      this.#finishWork();
    });
  }

  receive(ciphertext: Uint8Array): void {
    this.#frame.refuseBeforeStart();
    const input = this.#frame.kept(ciphertext);
    this.#run(() => {
      if (this.#isPeerClosed) return; // §6.1: what follows close_notify is ignored
      if (this.#isPaused) {
        this.#held.push(input);
        return;
      }
      this.#inbound.push(input);
      this.#read();
    });
  }

  receiveEnd(): void {
    this.#frame.refuseBeforeStart();
    this.#run(() => {
      this.#isEnded = true;
      if (!this.#isPaused) this.#checkEnd();
    });
  }

  send(plaintext: Uint8Array): void {
    this.#frame.refuseAfterFailure();
    if (this.#isCloseRequested) throw new TlsError('ERR_TLS_API_MISUSE', 'data cannot be sent behind close()');
    if (plaintext.length === 0) return;
    this.#hasSent = true;
    const content = this.#frame.kept(plaintext);
    this.#run(() => {
      if (this.#established !== undefined || this.#sendsHalfRtt) this.#write(content);
      else if (this.#earlySender !== undefined) this.#sendEarly(content);
      else this.#unsent.push(copyBytes(content));
    });
  }

  close(): void {
    this.#frame.refuseAfterFailure();
    if (this.#isCloseRequested) return;
    this.#isCloseRequested = true;
    this.#run(() => {
      if (this.#established !== undefined) this.#sendCloseNotify();
      else if (!this.#hasSent) throw new TlsError('ERR_TLS_ABORTED', 'closed before the handshake was done');
    });
  }

  requestKeyUpdate(): void {
    this.#frame.refuseAfterFailure();
    const established = this.#established;
    if (established === undefined)
      throw new TlsError('ERR_TLS_API_MISUSE', 'keys can be updated once the handshake is done');
    if (this.#isCloseRequested) throw new TlsError('ERR_TLS_API_MISUSE', 'keys cannot be updated behind close()');
    const { update } = established.keys;
    if (update === undefined) throw new TlsError('ERR_TLS_API_MISUSE', 'TLS 1.2 cannot update its keys');
    this.#run(() => {
      this.#inbound.awaitKeyUpdate();
      this.#updateWriteKeys(update, { isUpdateRequested: true });
    });
  }

  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    this.#frame.refuseAfterFailure();
    if (this.#established === undefined)
      throw new TlsError('ERR_TLS_API_MISUSE', 'keying material can be exported once the handshake is done');
    return this.#established.keys.exportKeyingMaterial(label, context, length);
  }

  exportEarlyKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    this.#frame.refuseAfterFailure();
    if (this.#earlyExporter === undefined)
      throw new TlsError('ERR_TLS_API_MISUSE', 'there is no early data, and so no early secret');
    return this.#earlyExporter(label, context, length);
  }

  fail(error: TlsError): void {
    this.#frame.fail(error);
  }

  destroy(): void {
    this.#frame.destroy();
  }

  #run(work: () => void): void {
    this.#frame.run(() => {
      work();
      this.#finishWork();
    });
  }

  #finishWork(): void {
    this.#deliverBatches();
    this.#flush();
  }

  #giveUp(error: TlsError): void {
    this.#deliverBatches(); // what came before the fault is not lost
    this.#sendLastAlert(error);
    this.#flush();
    this.#frame.tellFailed(error);
  }

  #sendLastAlert({ alert, direction }: TlsError): void {
    if (direction !== 'sent' || alert === undefined || this.#isCloseSent) return;
    if (alert !== AlertDescription.userCanceled) {
      this.#writer.alert(alertLevel.fatal, alert);
      return;
    }
    // RFC 8446 §6.1: a handshake is cancelled by two alerts, an open connection is just closed
    if (this.#established === undefined) this.#writer.alert(alertLevel.warning, alert);
    this.#sendCloseNotify();
  }

  #flush(): void {
    const batch = this.#writer.flush();
    if (batch !== undefined) this.#frame.tell(() => this.#sink.ciphertext(batch));
  }

  /** Wipes every secret and drops what is held. */
  #release(): void {
    this.#optionalHooks.end();
    this.#io?.wipe();
    this.#established?.keys.wipe();
    this.#handshake = undefined;
    this.#earlyExporter = undefined;
    this.#earlySender = undefined;
    this.#heldEarlyData.clear();
    this.#unsent = [];
    this.#held.clear();
    this.#inbound.takeBatches();
  }

  // The handshake

  /** Resumes the handshake with what it waits for. */
  #advance(resumeWith: unknown): void {
    this.#wait(this.#handshake?.next(resumeWith));
  }

  /** Sees to what the handshake needs next. A message that it needs is pulled by `#read`, and there is no other reason to pull one. */
  #wait(step: IteratorResult<Step, Established> | undefined): void {
    if (step === undefined) return;
    this.#frame.checkGoesOn();
    if (step.done === true) this.#finishHandshake(step.value);
    else if (step.value === needChangeCipherSpec) this.#inbound.awaitChangeCipherSpec();
    else if (step.value !== needMessage) this.#pause(step.value);
  }

  #pause(pending: PromiseLike<unknown>): void {
    this.#isPaused = true;
    this.#frame.runWhenSettled(
      pending,
      (value) => this.#resume(() => this.#advance(value)),
      (error) => this.#resume(() => this.#wait(this.#handshake?.throw(error))),
    );
  }

  #resume(goOn: () => void): void {
    if (this.#frame.isOver) return;
    this.#isPaused = false;
    goOn();
    this.#readHeld();
    this.#finishWork();
    if (!this.#isPaused) this.#frame.tell(() => this.#tellResumed());
  }

  #tellResumed(): void {
    if (!this.#isPaused) this.#sink.inputResumed?.();
  }

  #readHeld(): void {
    this.#read(); // messages may be left of the record that was read last
    while (!this.#isStopped) {
      const next = this.#held.take();
      if (next === undefined) break;
      this.#inbound.push(next);
      this.#read();
    }
    if (this.#isEnded && !this.#isPaused) this.#checkEnd();
  }

  #finishHandshake(established: Established): void {
    this.#handshake = undefined;
    this.#io?.wipe();
    this.#io = undefined; // an open connection keeps nothing of its handshake
    this.#established = established;
    this.#sendsHalfRtt = false;
    this.#inbound.finishHandshake();
    this.#frame.tell(() => this.#sink.handshake(established.info));
    const early = this.#heldEarlyData.take();
    if (early !== undefined) this.#deliver(early);
    this.#sendUnsent();
    if (this.#isCloseRequested) this.#sendCloseNotify();
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
  #endEarlyData(verdict: 'accepted' | 'rejected'): void {
    if (verdict === 'rejected') this.#unsent.unshift(...(this.#earlySender?.sent ?? []));
    this.#earlySender = undefined;
  }

  #startHalfRtt(): void {
    if (this.#sink.earlyData === undefined) return; // its owner does not act on what may be a replay
    this.#sendsHalfRtt = true;
    this.#sendUnsent();
  }

  #readEarlyData(content: Uint8Array): void {
    if (this.#sink.earlyData === undefined) this.#heldEarlyData.push(content);
    else this.#frame.tell(() => this.#sink.earlyData?.(content));
  }

  // Incoming

  /** True when nothing may be read: a hook is pending, or the connection is over. */
  get #isStopped(): boolean {
    return this.#isPaused || this.#frame.isOver || this.#isPeerClosed;
  }

  /** Reads the input until it is used up, or reading has to stop. */
  #read(): void {
    while (!this.#isStopped) {
      const incoming = this.#inbound.next();
      if (incoming === undefined) return;
      this.#take(incoming);
    }
    const rest = this.#inbound.takeUnread();
    if (rest !== undefined && this.#isPaused) this.#held.putBack(rest);
  }

  #take(incoming: Incoming): void {
    switch (incoming.kind) {
      case 'message':
        if (this.#established === undefined) this.#advance(incoming.message);
        else this.#readPostHandshake(this.#established, incoming.message);
        return;
      case 'changeCipherSpec':
        this.#advance(undefined);
        return;
      case 'earlyData':
        this.#readEarlyData(incoming.content);
        return;
      case 'closeNotify':
        this.#deliverBatches();
        this.#isPeerClosed = true;
        this.#frame.tell(() => this.#sink.closed());
    }
  }

  /** Takes a message that comes after the handshake (RFC 8446 §4.6). */
  #readPostHandshake({ keys, receive }: Established, message: HandshakeMessage): void {
    if (message.type === HandshakeType.keyUpdate && keys.update !== undefined) {
      const isUpdateRequested = decodeKeyUpdate(message.body);
      this.#inbound.keyUpdate(isUpdateRequested);
      this.#inbound.openWith(keys.update.updateRead());
      // §4.6.3: one answer serves all requests since our last data, and goes out before the next data
      if (isUpdateRequested) this.#owesKeyUpdate = true;
      return;
    }
    this.#inbound.postHandshakeMessage();
    receive(message);
  }

  #checkEnd(): void {
    if (this.#isPeerClosed) return;
    const when =
      this.#established === undefined ? 'in the middle of the handshake' : 'without close_notify: data may be missing';
    throw new TlsError('ERR_TLS_TRUNCATED', `the connection ended ${when}`);
  }

  #deliverBatches(): void {
    for (const batch of this.#inbound.takeBatches()) this.#deliver(batch);
  }

  #deliver(batch: Uint8Array): void {
    this.#frame.tell(() => this.#sink.plaintext(batch));
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
      this.#updateWriteKeys(update, { isUpdateRequested: false });
    }
    this.#writer.applicationData(plaintext);
  }

  #updateWriteKeys(update: KeyUpdates, { isUpdateRequested }: { readonly isUpdateRequested: boolean }): void {
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
