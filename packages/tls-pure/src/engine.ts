import { AlertDescription, TlsError, type EngineSink } from '@org/tls-core';
import { copyBytes, EarlyDataSender, GuardedEngine, HeldInput, type EarlyDataTerms } from '@org/tls-core/backend';
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
export class PureEngine extends GuardedEngine {
  readonly #role: EngineRole;
  readonly #inbound = new Inbound();
  readonly #writer = new RecordWriter();

  /** The handshake under way; `undefined` before `start` and once it is done. */
  #handshake: Handshake<Established> | undefined;
  #io: HandshakeIo | undefined;

  /** What the handshake handed over; `undefined` until it is done. */
  #established: Established | undefined;
  /** A client's early data; `undefined`: none may be sent, or the handshake is done. */
  #earlySender: EarlyDataSender | undefined;
  /** The server may send before the handshake is done, because its client sends early data. */
  #sendsHalfRtt = false;
  /** Early data that the sink gets as plaintext when the handshake is done, because it does not want it earlier. */
  readonly #heldEarlyData = new HeldInput();
  #earlyExporter: EarlyExporter | undefined;

  #isCloseSent = false;
  #owesKeyUpdate = false;

  constructor(role: EngineRole, sink: EngineSink) {
    super(sink);
    this.#role = role;
    this.#writer.lend = (length) => this.ciphertext.borrow(length);
    this.#inbound.lend = (length) => this.plaintext.borrow(length);
  }

  protected begin(): void {
    this.#io = new HandshakeIo(
      {
        writer: this.#writer,
        inbound: this.#inbound,
        checkGoesOn: () => this.frame.checkGoesOn(),
        keyLog: (line) => this.tellKey(line, this.#role.settings.config.keyLog),
        startEarlyData: (terms) => this.#startEarlyData(terms),
        endEarlyData: () => this.#earlySender?.end(),
        handsOnEarlyData: this.sink.earlyData !== undefined,
        startHalfRtt: () => this.#startHalfRtt(),
        earlyExporter: (exporter) => {
          this.#earlyExporter = exporter;
        },
        session: (session) => this.frame.tell(() => this.sink.session(session)),
        optionalHooks: this.optionalHooks,
      },
      this.#role.settings,
    );
    this.#inbound.acceptsEarlyChangeCipherSpec = this.#role.role === 'client';
    if (this.#role.role === 'client') this.#inbound.expectCertificate();
    this.#handshake = this.#role.handshake(this.#io);
    this.#advance(undefined);
  }

  protected read(ciphertext: Uint8Array): void {
    this.#inbound.push(ciphertext);
    this.#readAll();
  }

  protected writeEarly(plaintext: Uint8Array): void {
    if (this.#sendsHalfRtt) this.write(plaintext);
    else if (this.#earlySender !== undefined) this.#sendEarly(plaintext);
    else this.unsent.push(copyBytes(plaintext));
  }

  protected writeClose(): void {
    if (this.#isCloseSent) return;
    this.#isCloseSent = true;
    this.#writer.alert(alertLevel.warning, AlertDescription.closeNotify);
  }

  protected get canUpdateKeys(): boolean {
    return this.#established?.keys.update !== undefined;
  }

  protected updateKeys(): void {
    const update = this.#established?.keys.update;
    if (update === undefined) return;
    this.#inbound.awaitKeyUpdate();
    this.#updateWriteKeys(update, { isUpdateRequested: true });
  }

  protected exportMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    if (this.#established === undefined) throw new TlsError('ERR_TLS_BACKEND', 'the keys are not there');
    return this.#established.keys.exportKeyingMaterial(label, context, length);
  }

  protected exportEarlyMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    if (this.#earlyExporter === undefined)
      throw new TlsError('ERR_TLS_API_MISUSE', 'there is no early data, and so no early secret');
    return this.#earlyExporter(label, context, length);
  }

  protected override finishWork(): void {
    this.#deliverBatches();
    this.#flush();
  }

  protected giveUp(error: TlsError): void {
    this.#deliverBatches(); // what came before the fault is not lost
    this.#sendLastAlert(error);
    this.#flush();
    this.frame.tellFailed(error);
  }

  #sendLastAlert({ alert, direction }: TlsError): void {
    if (direction !== 'sent' || alert === undefined || this.#isCloseSent) return;
    if (alert !== AlertDescription.userCanceled) {
      this.#writer.alert(alertLevel.fatal, alert);
      return;
    }
    // RFC 8446 §6.1: a handshake is cancelled by two alerts, an open connection is just closed
    if (this.#established === undefined) this.#writer.alert(alertLevel.warning, alert);
    this.writeClose();
  }

  #flush(): void {
    const batch = this.#writer.flush();
    if (batch !== undefined) this.ciphertext.tell(batch);
  }

  protected release(): void {
    this.#io?.wipe();
    this.#established?.keys.wipe();
    this.#handshake = undefined;
    this.#earlyExporter = undefined;
    this.#earlySender?.clear();
    this.#heldEarlyData.clear();
    this.#inbound.takeBatches();
  }

  // The handshake

  /** Resumes the handshake with what it waits for. */
  #advance(resumeWith: unknown): void {
    this.#wait(this.#handshake?.next(resumeWith));
  }

  /** Sees to what the handshake needs next. A message that it needs is pulled by `#readAll`, and there is no other reason to pull one. */
  #wait(step: IteratorResult<Step, Established> | undefined): void {
    if (step === undefined) return;
    this.frame.checkGoesOn();
    if (step.done === true) this.#finishHandshake(step.value);
    else if (step.value === needChangeCipherSpec) this.#inbound.awaitChangeCipherSpec();
    else if (step.value !== needMessage) this.#pauseFor(step.value);
  }

  #pauseFor(pending: PromiseLike<unknown>): void {
    this.pause.untilAnswered(
      () => pending,
      (value) => this.#goOn(() => this.#advance(value)),
      (error) => this.#goOn(() => this.#wait(this.#handshake?.throw(error))),
    );
  }

  /** Goes on behind a pause. Messages may be left of the record that was read last. */
  #goOn(step: () => void): void {
    step();
    this.#readAll();
  }

  #finishHandshake(established: Established): void {
    this.#handshake = undefined;
    this.#io?.wipe();
    this.#io = undefined; // an open connection keeps nothing of its handshake
    this.#established = established;
    this.unsent.unshift(...(this.#earlySender?.takeRejected(established.info) ?? []));
    this.#earlySender = undefined;
    this.noteEstablished();
    this.#sendsHalfRtt = false;
    this.#inbound.finishHandshake();
    this.frame.tell(() => this.sink.handshake(established.info));
    const early = this.#heldEarlyData.take();
    if (early !== undefined) this.plaintext.tell(early);
    this.#sendUnsent();
    if (this.isCloseRequested) this.writeClose();
  }

  #sendUnsent(): void {
    for (const plaintext of this.unsent.splice(0)) this.write(plaintext);
  }

  // Early data

  #startEarlyData(terms: EarlyDataTerms): void {
    this.#earlySender = new EarlyDataSender(terms);
    for (const plaintext of this.unsent.splice(0)) this.#sendEarly(plaintext);
  }

  #sendEarly(plaintext: Uint8Array): void {
    const early = this.#earlySender?.take(plaintext) ?? 0;
    if (early > 0) this.#writer.applicationData(plaintext.subarray(0, early));
    if (early < plaintext.length) this.unsent.push(copyBytes(plaintext.subarray(early)));
  }

  #startHalfRtt(): void {
    if (this.sink.earlyData === undefined) return; // its owner does not act on what may be a replay
    this.#sendsHalfRtt = true;
    this.#sendUnsent();
  }

  #readEarlyData(content: Uint8Array): void {
    if (this.sink.earlyData === undefined) this.#heldEarlyData.push(content);
    else this.frame.tell(() => this.sink.earlyData?.(content));
  }

  // Incoming

  /** True when nothing may be read: a hook is pending, or the connection is over. */
  get #isStopped(): boolean {
    return this.pause.isOn || this.frame.isOver || this.isPeerClosed;
  }

  /** Reads the input until it is used up, or reading has to stop. */
  #readAll(): void {
    while (!this.#isStopped) {
      const incoming = this.#inbound.next();
      if (incoming === undefined) return;
      this.#take(incoming);
    }
    const rest = this.#inbound.takeUnread();
    if (this.pause.isOn) this.pause.readAgain(rest);
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
        this.tellClosed();
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

  #deliverBatches(): void {
    for (const batch of this.#inbound.takeBatches()) this.plaintext.tell(batch);
  }

  // Outgoing

  protected write(plaintext: Uint8Array): void {
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
}
