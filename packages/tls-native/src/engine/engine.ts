import {
  AlertDescription,
  isTlsError,
  TlsError,
  type ConnectionInfo,
  type EngineSink,
  type MaybePromise,
  type TlsSession,
} from '@org/tls-core';
import {
  EarlyDataSender,
  checkExport,
  checkExtendedMainSecret,
  GuardedEngine,
  HeldInput,
  isPromiseLike,
  maxHeldInput,
  type OptionalHooks,
} from '@org/tls-core/backend';
import type { Addon, Answer, EngineHandle, NativeFault, NativeSession, Outcome, Question } from '../border/addon.ts';
import type { Drive } from '../border/drive.ts';
import { toTlsError } from '../border/faults.ts';
import { plain } from '../border/plain-bytes.ts';
import { alertFor, withPlatformAlert } from './hook-errors.ts';
import { FirstBytes, plainAlerts } from './record-borders.ts';
import { ciphertextRoom, mostCiphertext, plaintextRoom, written } from './rooms.ts';
import { earlyDataFault } from './early-data-fault.ts';
import { WholeRecords } from './whole-records.ts';
import { isSide, type ConnectionSide } from '../sides/connection-side.ts';
import { isCertificateRefusal, refusedCertificate } from '../trust/refused-certificate.ts';

/** One connection over the addon. What C++ answers goes to the sink, in order. */
export class NativeEngine extends GuardedEngine {
  readonly #addon: Addon;
  readonly #drive: Drive;
  #side: ConnectionSide;
  #handle: EngineHandle | undefined;
  /** A client's early data that was sent. */
  /** A client's early data; `undefined`: none may be sent, or the handshake is done. */
  #earlySender: EarlyDataSender | undefined;
  /** A server's: early data that has come and waits for the end of the handshake. */
  readonly #cameEarly = new HeldInput();
  /** A server's: the owner was given early data, and so what it sends goes out at once. */
  #answersEarly = false;
  /** What has come until the ClientHello is answered: the context that `selectContext` names has to read it again. */
  #opening: HeldInput | undefined;
  /** The outcome that ends the handshake. It waits until the peer of a resumed session is judged. */
  #withheld: Outcome | undefined;
  /** The library has asked a question, and rests until it is answered. */
  #isAsked = false;
  /** Why a hook refused. The sink is told when the library has sent the alert. */
  #refusal: TlsError | undefined;
  /** Why the connection ends once the step that is under way is done. */
  #ending: TlsError | undefined;
  #isCloseSent = false;
  /** What is known of the connection since its handshake is done. */
  #info: ConnectionInfo | undefined;
  readonly #firstBytes = new FirstBytes();
  readonly #records = new WholeRecords();

  /** @param makeSide given the hooks that the connection can do without */
  constructor(addon: Addon, makeSide: (hooks: OptionalHooks) => ConnectionSide, sink: EngineSink, drive: Drive) {
    super(sink);
    this.#addon = addon;
    this.#drive = drive;
    this.#side = makeSide(this.optionalHooks);
    if (this.#side.mayMove) this.#opening = new HeldInput();
  }

  protected begin(): void {
    this.pause.untilAnswered(
      () => this.#side.prepare?.(),
      () => {
        this.#handle = this.#side.open();
        const { earlyDataTerms } = this.#side;
        this.#earlySender = earlyDataTerms && new EarlyDataSender(earlyDataTerms);
        this.#step((engine) => this.#drive.start(engine));
      },
      rethrow,
    );
  }

  protected write(plaintext: Uint8Array): void {
    const lent = this.ciphertext.borrow(mostCiphertext(plaintext.length));
    const room = lent ?? ciphertextRoom(plaintext.length);
    const sent = this.#addon.sendInto(this.#open, plaintext, room);
    if (typeof sent !== 'number') this.#report(sent);
    else if (sent > 0) this.ciphertext.tell(lent?.subarray(0, sent) ?? written(room, sent));
  }

  protected writeClose(): void {
    this.#report(this.#sendClose());
  }

  /** @throws TlsError `ERR_TLS_UNSUPPORTED` where the platform does not do it when it is asked; the connection goes on */
  protected get canUpdateKeys(): boolean {
    if (this.#info?.protocol !== 'TLSv1.3') return false;
    if (!this.#side.updatesKeys)
      throw new TlsError('ERR_TLS_UNSUPPORTED', 'the platform updates keys when it likes, and not when it is asked');
    return true;
  }

  protected updateKeys(): void {
    this.#report(this.#addon.updateKeys(this.#open));
  }

  protected exportMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    checkExport(label, length, exportHashLength);
    checkExtendedMainSecret(this.#info?.extendedMainSecret === true);
    const material = this.#addon.exportKeyingMaterial(this.#open, label, context, length);
    if (material === undefined) throw new TlsError('ERR_TLS_BACKEND', 'the library cannot export keying material');
    return material;
  }

  protected exportEarlyMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    checkExport(label, length, exportHashLength);
    if (this.#isResting) throw new TlsError('ERR_TLS_API_MISUSE', 'a step of the handshake is under way');
    const material = this.#addon.exportEarlyKeyingMaterial(this.#open, label, context ?? new Uint8Array(0), length);
    if (material === undefined) throw new TlsError('ERR_TLS_API_MISUSE', 'this connection has no early secret');
    return material;
  }

  /** Frees the library's connection with its secrets, and forgets what is held. */
  protected release(): void {
    this.#earlySender?.clear();
    this.#cameEarly.clear();
    this.#records.clear();
    this.#opening = undefined;
    this.#ending = undefined;
    if (this.#handle !== undefined) this.#addon.release(this.#handle);
    this.#handle = undefined;
  }

  get #open(): EngineHandle {
    if (this.#handle === undefined) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was not started');
    return this.#handle;
  }

  /** Whether the library can do nothing but go on from where it rests. */
  get #isResting(): boolean {
    return this.pause.isOn || this.#isAsked;
  }

  protected read(ciphertext: Uint8Array): void {
    const input = this.#firstBytes.see(ciphertext);
    if (input === undefined) return;
    if (this.isEstablished) {
      this.#readRecords(this.#records.takeAll(input));
      return;
    }
    this.#opening?.append(input);
    const records = this.#records.take(input);
    if (records === undefined) return;
    this.#earlySender?.end();
    this.#step((engine) => this.#drive.receive(engine, records));
  }

  #readRecords(ciphertext: Uint8Array): void {
    // what does not fit, because a record had begun before, comes in memory of the addon's
    const lent = this.plaintext.borrow(ciphertext.length);
    const room = lent ?? plaintextRoom();
    const came = this.#addon.receiveInto(this.#open, ciphertext, room);
    if (typeof came !== 'number') this.#report(came);
    else if (came > 0) this.plaintext.tell(lent?.subarray(0, came) ?? written(room, came));
  }

  /** Sends before the handshake is done: what may go out early does, and the rest waits. */
  protected writeEarly(plaintext: Uint8Array): void {
    let early = 0;
    if (!this.#isResting) early = this.#answersEarly ? plaintext.length : (this.#earlySender?.take(plaintext) ?? 0);
    if (early > 0) this.#report(this.#addon.sendEarly(this.#open, plaintext.subarray(0, early)));
    if (early < plaintext.length) this.unsent.push(new Uint8Array(plaintext.subarray(early)));
  }

  /** Hands on what one call brought about: first what came in, then what goes out, and last what is wrong or asked. */
  #report(outcome: Outcome): void {
    for (const line of outcome.keyLog ?? []) this.tellKey(line, this.#side.keyLog);
    if (outcome.earlyData !== undefined) this.#takeEarly(outcome.earlyData);
    if (outcome.isHandshakeDone === true) this.#judgeResumed(outcome);
    else this.#reportRest(outcome);
  }

  /** Whether early data goes to the owner before the handshake is done. */
  get #handsOnEarly(): boolean {
    return this.sink.earlyData !== undefined && this.#side.takesEarlyData;
  }

  #takeEarly(batch: Uint8Array): void {
    if (!this.#handsOnEarly) {
      this.#cameEarly.push(batch);
      return;
    }
    this.#answersEarly = true;
    this.frame.tell(() => this.sink.earlyData?.(batch));
  }

  #judgeResumed(outcome: Outcome): void {
    this.#opening = undefined;
    const info = this.#side.describe(this.#addon.facts(this.#open));
    this.#withheld = outcome;
    const lost = this.#earlySender?.isUsed === true ? earlyDataFault(info) : undefined;
    if (lost !== undefined) throw lost;
    this.pause.untilAnswered(
      () => (info.resumed ? this.#side.judgeResumed?.(info) : undefined),
      () => {
        const again = this.#earlySender?.takeRejected(info) ?? [];
        this.#earlySender = undefined;
        this.#withheld = undefined;
        const outcomes = this.#establish(info, again);
        this.#reportRest(outcome, outcomes);
      },
      rethrow,
    );
  }

  #reportRest(outcome: Outcome, more: readonly Outcome[] = []): void {
    const { plaintext, question, isPeerClosed } = outcome;
    if (plaintext !== undefined) this.frame.tell(() => this.sink.plaintext(plaintext));
    const outcomes = [outcome, ...more];
    this.#sendOut(outcomes);
    const sessions = outcomes.flatMap((each) => each.sessions ?? []);
    // a session of TLS 1.2 can be resumed again (RFC 5246 §F.1.4)
    const again = sessions.length === 0 && outcome.isHandshakeDone === true && this.#side.sessionAgain;
    if (again) this.#give(again);
    this.#tellSessions(sessions);
    if (isPeerClosed === true) {
      this.tellClosed();
    }
    const fault = outcomes.find((each) => each.fault !== undefined)?.fault;
    if (fault !== undefined) {
      const refusal = this.#refusal && withPlatformAlert(this.#refusal, fault.sentAlert);
      this.frame.end(refusal ?? this.#errorOf(fault));
      return;
    }
    if (question !== undefined) this.#ask(question);
  }

  #errorOf(fault: NativeFault): TlsError {
    if (!isCertificateRefusal(fault)) return toTlsError(fault);
    return refusedCertificate(fault, plain(this.#addon.peerChain(this.#open)), this.#side.peerName);
  }

  #tellSessions(sessions: readonly NativeSession[]): void {
    const info = this.#info;
    if (info === undefined) return;
    for (const native of sessions) {
      const session = this.#side.session?.(native, info);
      if (session === undefined) continue;
      this.#give(session);
    }
  }

  #give(session: TlsSession): void {
    this.frame.tell(() => this.sink.session(session));
    this.#side.keep?.(session);
  }

  #ask(question: Question): void {
    this.#isAsked = true;
    this.pause.untilAnswered(
      () => (this.#isTooMuchToHold(question) ? { declines: true } : this.#side.answer(question)),
      (answer) => {
        if (isSide(answer)) this.#beginAnew(answer);
        else this.#resume(question, answer);
      },
      (error) => {
        this.#refusal = asTlsError(error);
        this.#resume(question, { alert: alertFor(this.#refusal) });
      },
    );
  }

  /** Early data that nobody takes early is held, and so it is declined when it may become more than may be held. */
  #isTooMuchToHold(question: Question): boolean {
    if (question.kind !== 'earlyData' || this.#handsOnEarly) return false;
    const [limit = Uint8Array.of(0, 0, 0, 0)] = question.maxEarlyData;
    return Buffer.from(limit).readUInt32BE() > maxHeldInput;
  }

  #resume({ kind }: Question, answer: Answer): void {
    this.#isAsked = false;
    if (kind === 'clientHello') this.#opening = undefined;
    this.#step((engine) => this.#drive.resume(engine, answer));
  }

  /** Lets another configuration read the ClientHello. Nothing has been sent yet. */
  #beginAnew(side: ConnectionSide): void {
    const opening = this.#opening?.take();
    this.#opening = undefined; // who was chosen chooses nobody else
    this.#isAsked = false;
    this.#addon.release(this.#open);
    this.#handle = undefined;
    this.#records.clear(); // it is a part of what has come
    this.#side = side;
    this.#handle = side.open();
    this.pause.readAgain(opening);
    this.#step((engine) => this.#drive.start(engine));
    this.pause.readHeld();
  }

  /** Does one step of the handshake, and reports what came of it when it is done. */
  #step(act: (engine: EngineHandle) => MaybePromise<Outcome>): void {
    this.pause.untilDone(
      act(this.#open),
      (outcome) => this.#reportStep(outcome),
      (error) => {
        if (this.#ending === undefined) throw error;
        this.frame.tellFailed(this.#ending);
      },
    );
  }

  #reportStep(outcome: Outcome): void {
    if (this.#ending !== undefined) this.#endAfter(outcome, this.#ending);
    if (this.frame.isOver) return;
    this.#report(outcome);
    if (this.#earlySender?.isOpen !== true || this.#isResting || this.frame.isInterrupted) return;
    for (const plaintext of this.unsent.splice(0)) this.writeEarly(plaintext);
  }

  /** Tells that the handshake is done, and protects what waited to be sent. */
  #establish(info: ConnectionInfo, again: readonly Uint8Array[]): readonly Outcome[] {
    this.noteEstablished();
    this.#info = info;
    this.frame.tell(() => this.sink.handshake(info));
    const early = this.#cameEarly.take();
    if (early !== undefined) this.frame.tell(() => this.sink.plaintext(early));
    const outcomes = [...again, ...this.unsent.splice(0)].map((plaintext) => this.#addon.send(this.#open, plaintext));
    if (this.isCloseRequested) outcomes.push(this.#sendClose());
    return outcomes;
  }

  /** Sends close_notify once: `close` within a hook of the last step and the end of the handshake both ask for it. */
  #sendClose(): Outcome {
    if (this.#isCloseSent) return {};
    this.#isCloseSent = true;
    return this.#addon.close(this.#open);
  }

  #sendOut(outcomes: readonly Outcome[]): void {
    const batches = outcomes.flatMap(({ ciphertext }) => ciphertext ?? []);
    const [first, ...more] = batches;
    if (first === undefined) return;
    const batch = more.length === 0 ? first : Buffer.concat(batches);
    this.frame.tell(() => this.sink.ciphertext(batch));
  }

  /** Ends the connection for a reason that the library does not know. The peer is told by an alert once no thread is at work on it. */
  protected giveUp(error: TlsError): void {
    if (this.pause.isStepPending) this.#ending = error;
    else this.#sayGoodbye(error);
  }

  #endAfter(outcome: Outcome, error: TlsError): void {
    this.#ending = undefined;
    this.#sendOut([outcome]);
    this.#isAsked = outcome.question !== undefined;
    if (outcome.fault === undefined) this.#sayGoodbye(error);
    else this.frame.tellFailed(error);
  }

  #sayGoodbye(error: TlsError): void {
    // the alert is under the keys that come behind it (RFC 8446 §7.3)
    if (this.#withheld !== undefined) this.#sendOut([this.#withheld]);
    this.#withheld = undefined;
    const said = this.#lastWords(error);
    const end = (outcome?: Outcome): void => {
      if (outcome !== undefined) this.#sendOut([outcome]);
      this.frame.tellFailed(error);
    };
    if (isPromiseLike(said)) this.frame.runWhenSettled(said, end, () => end());
    else end(said);
  }

  #lastWords({ direction, alert }: TlsError): MaybePromise<Outcome> {
    if (direction !== 'sent' || alert === undefined || this.#isCloseSent) return {};
    const handle = this.#handle;
    if (handle === undefined || !this.#firstBytes.areSeen) return { ciphertext: plainAlerts(alert) };
    // RFC 8446 §6.1: what is open is not cancelled, but closed
    if (this.isEstablished && alert === AlertDescription.userCanceled) return this.#sendClose();
    // what rests on another thread can only be woken there, and not at once
    return this.#isAsked ? this.#drive.resume(handle, { alert }) : this.#addon.fail(handle, alert);
  }
}

/** The shortest hash of any suite: what the addon exports has that bound. */
const exportHashLength = 32;

function asTlsError(error: unknown): TlsError {
  return isTlsError(error) ? error : new TlsError('ERR_TLS_BACKEND', 'the native backend failed', { cause: error });
}

function rethrow(error: unknown): never {
  throw error;
}
