import {
  AlertDescription,
  isTlsError,
  TlsError,
  type ConnectionInfo,
  type EngineSink,
  type MaybePromise,
  type TlsEngine,
} from '@org/tls-core';
import { EngineFrame, HeldInput, isPromiseLike, maxHeldInput, OptionalHooks } from '@org/tls-core/backend';
import type { Addon, Answer, EngineHandle, NativeSession, Outcome, Question } from './addon.ts';
import { plain } from './describe.ts';
import type { Drive } from './drive.ts';
import { toTlsError } from './faults.ts';
import { alertFor, withPlatformAlert } from './hook-errors.ts';
import { checkExport, checkExtended } from './keying-material.ts';
import { FirstBytes, plainAlerts } from './record-borders.ts';
import { earlyDataFault, SentEarly } from './sent-early.ts';
import { isSide, type ConnectionSide } from './side.ts';

/** One connection over the addon: what C++ answers goes to the sink, in order. */
export class NativeEngine implements TlsEngine {
  readonly #addon: Addon;
  readonly #drive: Drive;
  #side: ConnectionSide;
  readonly #hooks: OptionalHooks;
  readonly #sink: EngineSink;
  readonly #frame: EngineFrame;
  #handle: EngineHandle | undefined;
  /** Data that was to be sent before the handshake was done: the owner's doing, and so it has no bound here. */
  #unsent: Uint8Array[] = [];
  /** Something was given to `send`. */
  #hasSent = false;
  /** As a client. */
  readonly #sentEarly = new SentEarly();
  /** What came early and waits for the handshake, as a server. */
  readonly #cameEarly = new HeldInput();
  /** The owner knows of early data: as a server it answers at once. */
  #answersEarly = false;
  /** What came until the ClientHello was answered, where another context may have to read it again. */
  #opening: HeldInput | undefined;
  /** What came while a hook was asked or a step was under way. */
  readonly #held = new HeldInput();
  #isEndHeld = false;
  /** A hook's Promise is pending. */
  #isHookPending = false;
  /** A step of the handshake is under way on another thread: nothing else may touch the engine. */
  #isBusy = false;
  /** The last of the handshake, which waits until the peer of a resumed session is judged. */
  #withheld: Outcome | undefined;
  /** The library rests until a question of its is answered. */
  #isAsked = false;
  /** Why a hook refused; told when the library has sent the alert. */
  #refusal: TlsError | undefined;
  /** Why it ends when the step that is under way is done. */
  #ending: TlsError | undefined;
  #isEstablished = false;
  #isCloseRequested = false;
  #isCloseSent = false;
  #isPeerClosed = false;
  readonly #firstBytes = new FirstBytes();

  /** @param makeSide given the hooks that the connection can do without */
  constructor(addon: Addon, makeSide: (hooks: OptionalHooks) => ConnectionSide, sink: EngineSink, drive: Drive) {
    this.#addon = addon;
    this.#drive = drive;
    this.#sink = sink;
    this.#frame = new EngineFrame(sink, {
      giveUp: (error) => this.#giveUp(error),
      release: () => this.#release(),
    });
    this.#hooks = new OptionalHooks((warning) => this.#frame.warn(warning));
    this.#side = makeSide(this.#hooks);
    if (this.#side.mayMove) this.#opening = new HeldInput();
  }

  get isInputHeld(): boolean {
    return this.#isWaiting && !this.#frame.isOver;
  }

  start(): void {
    this.#frame.start(() =>
      this.#await(
        () => this.#side.prepare?.(),
        () => {
          this.#handle = this.#side.open();
          this.#sentEarly.allow(this.#side.maxEarlyData);
          this.#step((engine) => this.#drive.start(engine));
        },
        rethrow,
      ),
    );
  }

  receive(ciphertext: Uint8Array): void {
    this.#frame.refuseBeforeStart();
    if (ciphertext.length === 0) return;
    const input = this.#frame.kept(ciphertext);
    this.#frame.run(() => {
      if (this.#isPeerClosed) return; // RFC 8446 §6.1: what follows close_notify is ignored
      if (this.#isWaiting) this.#held.push(input);
      else this.#read(input);
    });
  }

  receiveEnd(): void {
    this.#frame.refuseBeforeStart();
    this.#frame.run(() => {
      if (this.#isWaiting) this.#isEndHeld = true;
      else this.#readEnd();
    });
  }

  send(plaintext: Uint8Array): void {
    this.#frame.refuseAfterFailure();
    if (this.#isCloseRequested) throw new TlsError('ERR_TLS_API_MISUSE', 'data cannot be sent behind close()');
    if (plaintext.length === 0) return;
    this.#hasSent = true;
    const content = this.#frame.kept(plaintext);
    this.#frame.run(() => {
      if (this.#isEstablished) this.#report(this.#addon.send(this.#open, content));
      else this.#sendBefore(content);
    });
  }

  close(): void {
    this.#frame.refuseAfterFailure();
    if (this.#isCloseRequested) return;
    this.#isCloseRequested = true;
    this.#frame.run(() => {
      if (this.#isEstablished) this.#report(this.#sendClose());
      else if (!this.#hasSent) throw new TlsError('ERR_TLS_ABORTED', 'closed before the handshake was done');
    });
  }

  requestKeyUpdate(): void {
    this.#frame.refuseAfterFailure();
    if (!this.#isEstablished)
      throw new TlsError('ERR_TLS_API_MISUSE', 'keys can be updated once the handshake is done');
    if (this.#isCloseRequested) throw new TlsError('ERR_TLS_API_MISUSE', 'keys cannot be updated behind close()');
    if (this.#addon.facts(this.#open).version !== 0x0304) {
      throw new TlsError('ERR_TLS_API_MISUSE', 'TLS 1.2 has no key update');
    }
    this.#frame.run(() => this.#report(this.#addon.updateKeys(this.#open)));
  }

  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    this.#frame.refuseAfterFailure();
    if (!this.#isEstablished)
      throw new TlsError('ERR_TLS_API_MISUSE', 'keying material can be exported once the handshake is done');
    checkExport(label, length);
    checkExtended(this.#addon.facts(this.#open));
    const material = this.#addon.exportKeyingMaterial(this.#open, label, context, length);
    if (material === undefined) throw new TlsError('ERR_TLS_BACKEND', 'OpenSSL cannot export keying material');
    return material;
  }

  exportEarlyKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    this.#frame.refuseAfterFailure();
    checkExport(label, length);
    if (this.#isResting) throw new TlsError('ERR_TLS_API_MISUSE', 'a step of the handshake is under way');
    const material = this.#addon.exportEarlyKeyingMaterial(this.#open, label, context ?? new Uint8Array(0), length);
    if (material === undefined) throw new TlsError('ERR_TLS_API_MISUSE', 'this connection has no early secret');
    return material;
  }

  fail(error: TlsError): void {
    this.#frame.fail(error);
  }

  destroy(): void {
    this.#frame.destroy();
  }

  /** What is secret goes, and what was held with it. */
  #release(): void {
    this.#unsent = [];
    this.#sentEarly.takeAll();
    this.#cameEarly.clear();
    this.#held.clear();
    this.#opening = undefined;
    this.#ending = undefined;
    this.#hooks.end();
    if (this.#handle !== undefined) this.#addon.release(this.#handle);
    this.#handle = undefined;
  }

  get #open(): EngineHandle {
    if (this.#handle === undefined) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was not started');
    return this.#handle;
  }

  get #isWaiting(): boolean {
    return this.#isHookPending || this.#isBusy;
  }

  /** The library cannot be called but to go on from where it is. */
  get #isResting(): boolean {
    return this.#isWaiting || this.#isAsked;
  }

  #read(ciphertext: Uint8Array): void {
    const input = this.#firstBytes.see(ciphertext);
    if (input === undefined) return;
    this.#opening?.append(input);
    this.#sentEarly.end();
    if (this.#isEstablished) this.#report(this.#addon.receive(this.#open, input));
    else this.#step((engine) => this.#drive.receive(engine, input));
  }

  #readEnd(): void {
    if (this.#isPeerClosed) return;
    const when = this.#isEstablished ? 'without close_notify: data may be missing' : 'in the middle of the handshake';
    throw new TlsError('ERR_TLS_TRUNCATED', `the connection ended ${when}`);
  }

  /** Before the handshake is done: what may go out early does, the rest waits. */
  #sendBefore(plaintext: Uint8Array): void {
    let early = 0;
    if (!this.#isResting) early = this.#answersEarly ? plaintext.length : this.#sentEarly.take(plaintext);
    if (early > 0) this.#report(this.#addon.sendEarly(this.#open, plaintext.subarray(0, early)));
    if (early < plaintext.length) this.#unsent.push(new Uint8Array(plaintext.subarray(early)));
  }

  /** Hands on what one call brought about: what came in, what goes out, and then what is wrong or asked. */
  #report(outcome: Outcome): void {
    for (const line of outcome.keyLog ?? []) this.#frame.tell(() => this.#sink.keyLog(line));
    if (outcome.earlyData !== undefined) this.#takeEarly(outcome.earlyData);
    if (outcome.isHandshakeDone === true) this.#judgeResumed(outcome);
    else this.#reportRest(outcome);
  }

  /** Early data goes to the owner before the handshake is done. */
  get #handsOnEarly(): boolean {
    return this.#sink.earlyData !== undefined && this.#side.takesEarlyData;
  }

  #takeEarly(batch: Uint8Array): void {
    if (!this.#handsOnEarly) {
      this.#cameEarly.push(batch);
      return;
    }
    this.#answersEarly = true;
    this.#frame.tell(() => this.#sink.earlyData?.(batch));
  }

  #judgeResumed(outcome: Outcome): void {
    this.#opening = undefined;
    const info = this.#side.describe(this.#addon.facts(this.#open));
    const lost = this.#sentEarly.isEmpty ? undefined : earlyDataFault(info);
    if (lost !== undefined) throw lost;
    this.#withheld = outcome;
    this.#await(
      () => (info.resumed ? this.#side.judgeResumed?.(info) : undefined),
      () => {
        this.#withheld = undefined;
        const outcomes = this.#establish(info);
        this.#reportRest(outcome, outcomes);
      },
      rethrow,
    );
  }

  #reportRest(outcome: Outcome, more: readonly Outcome[] = []): void {
    const { plaintext, question, isPeerClosed } = outcome;
    if (plaintext !== undefined) this.#frame.tell(() => this.#sink.plaintext(plaintext));
    const outcomes = [outcome, ...more];
    this.#sendOut(outcomes);
    this.#tellSessions(outcomes.flatMap(({ sessions }) => sessions ?? []));
    if (isPeerClosed === true) {
      this.#isPeerClosed = true;
      this.#frame.tell(() => this.#sink.closed());
    }
    const fault = outcomes.find((each) => each.fault !== undefined)?.fault;
    if (fault !== undefined) {
      const refusal = this.#refusal && withPlatformAlert(this.#refusal, fault.sentAlert);
      this.#frame.end(refusal ?? toTlsError(fault, () => plain(this.#addon.peerChain(this.#open))));
      return;
    }
    if (question !== undefined) this.#ask(question);
  }

  #tellSessions(sessions: readonly NativeSession[]): void {
    if (sessions.length === 0) return;
    const info = this.#side.describe(this.#addon.facts(this.#open));
    for (const native of sessions) {
      const session = this.#side.session?.(native, info);
      if (session === undefined) continue;
      this.#frame.tell(() => this.#sink.session(session));
      this.#side.keep?.(session);
    }
  }

  #ask(question: Question): void {
    this.#isAsked = true;
    this.#await(
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

  /** Another configuration reads the ClientHello. Nothing has been sent yet. */
  #beginAnew(side: ConnectionSide): void {
    const opening = this.#opening?.take();
    this.#opening = undefined; // who was chosen chooses nobody else
    this.#isAsked = false;
    this.#addon.release(this.#open);
    this.#handle = undefined;
    this.#side = side;
    this.#handle = side.open();
    if (opening !== undefined) this.#held.putBack(opening);
    this.#step((engine) => this.#drive.start(engine));
    this.#readHeld();
  }

  /** One step of the handshake; tells what came of it when it is done. */
  #step(act: (engine: EngineHandle) => MaybePromise<Outcome>): void {
    const given = act(this.#open);
    if (!isPromiseLike(given)) {
      this.#reportStep(given);
      return;
    }
    this.#isBusy = true;
    const done = (report: () => void): void => {
      this.#isBusy = false;
      report();
      this.#goOn();
    };
    this.#frame.runWhenSettled(
      given,
      (outcome) => done(() => this.#reportStep(outcome)),
      (error) =>
        done(() => {
          if (this.#ending === undefined) throw error;
          this.#frame.tellFailed(this.#ending);
        }),
    );
  }

  #reportStep(outcome: Outcome): void {
    if (this.#ending !== undefined) this.#endAfter(outcome, this.#ending);
    if (this.#frame.isOver) return;
    this.#report(outcome);
    if (!this.#sentEarly.isAllowed || this.#isResting || this.#frame.isInterrupted) return;
    for (const plaintext of this.#unsent.splice(0)) this.#sendBefore(plaintext);
  }

  /** Goes on when a hook has answered, at once or later; what comes meanwhile is kept. */
  #await<Value>(act: () => MaybePromise<Value>, next: (value: Value) => void, refuse: (error: unknown) => void): void {
    let value: MaybePromise<Value>;
    try {
      value = act();
    } catch (error) {
      if (!this.#frame.isInterrupted) refuse(error);
      return;
    }
    if (this.#frame.isInterrupted) return;
    if (!isPromiseLike(value)) {
      next(value);
      return;
    }
    this.#isHookPending = true;
    const answered = (then: () => void): void => {
      this.#isHookPending = false;
      if (this.#frame.isOver) return;
      then();
      this.#goOn();
    };
    this.#frame.runWhenSettled(
      value,
      (answer) => answered(() => next(answer)),
      (error) => answered(() => refuse(error)),
    );
  }

  /** Behind a pause. */
  #goOn(): void {
    this.#readHeld();
    if (!this.#isWaiting && !this.#frame.isOver) this.#frame.tell(() => this.#tellResumed());
  }

  #tellResumed(): void {
    if (!this.#isWaiting) this.#sink.inputResumed?.();
  }

  #readHeld(): void {
    while (!this.#isWaiting && !this.#frame.isOver && !this.#isPeerClosed) {
      // in one step, however small the pieces are
      const next = this.#held.take();
      if (next === undefined) break;
      this.#read(next);
    }
    if (!this.#isEndHeld || this.#isWaiting || this.#frame.isOver) return;
    this.#isEndHeld = false;
    this.#readEnd();
  }

  /** The handshake is done: tells so, and protects what was to be sent. */
  #establish(info: ConnectionInfo): readonly Outcome[] {
    this.#isEstablished = true;
    this.#frame.tell(() => this.#sink.handshake(info));
    const early = this.#cameEarly.take();
    if (early !== undefined) this.#frame.tell(() => this.#sink.plaintext(early));
    const sentEarly = this.#sentEarly.takeAll();
    const again = info.earlyData === 'accepted' || this.#side.dropsRejectedEarlyData ? [] : sentEarly;
    const outcomes = [...again, ...this.#unsent].map((plaintext) => this.#addon.send(this.#open, plaintext));
    this.#unsent = [];
    if (this.#isCloseRequested) outcomes.push(this.#sendClose());
    return outcomes;
  }

  /** Once: close() within a hook of the last step is met by the end of the handshake. */
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
    this.#frame.tell(() => this.#sink.ciphertext(batch));
  }

  /** Ends it for a reason that the library does not know: the peer is told by an alert, as soon as no thread is at it. */
  #giveUp(error: TlsError): void {
    if (this.#isBusy) this.#ending = error;
    else this.#sayGoodbye(error);
  }

  #endAfter(outcome: Outcome, error: TlsError): void {
    this.#ending = undefined;
    this.#sendOut([outcome]);
    this.#isAsked = outcome.question !== undefined;
    if (outcome.fault === undefined) this.#sayGoodbye(error);
    else this.#frame.tellFailed(error);
  }

  #sayGoodbye(error: TlsError): void {
    // the alert is under the keys that come behind it (RFC 8446 §7.3)
    if (this.#withheld !== undefined) this.#sendOut([this.#withheld]);
    this.#withheld = undefined;
    const said = this.#lastWords(error);
    const end = (outcome?: Outcome): void => {
      if (outcome !== undefined) this.#sendOut([outcome]);
      this.#frame.tellFailed(error);
    };
    if (isPromiseLike(said)) this.#frame.runWhenSettled(said, end, () => end());
    else end(said);
  }

  #lastWords({ direction, alert }: TlsError): MaybePromise<Outcome> {
    if (direction !== 'sent' || alert === undefined || this.#isCloseSent) return {};
    const handle = this.#handle;
    if (handle === undefined || !this.#firstBytes.areSeen) return { ciphertext: plainAlerts(alert) };
    // RFC 8446 §6.1: what is open is not cancelled, but closed
    if (this.#isEstablished && alert === AlertDescription.userCanceled) return this.#sendClose();
    // what rests on another thread can only be woken there, and not at once
    return this.#isAsked ? this.#drive.resume(handle, { alert }) : this.#addon.fail(handle, alert);
  }
}

function asTlsError(error: unknown): TlsError {
  return isTlsError(error) ? error : new TlsError('ERR_TLS_BACKEND', 'the native backend failed', { cause: error });
}

function rethrow(error: unknown): never {
  throw error;
}
