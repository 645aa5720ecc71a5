import {
  faultOfFirstRecord,
  isPromiseLike,
  isTlsError,
  TlsError,
  type ConnectionInfo,
  type EngineSink,
  type MaybePromise,
  type TlsEngine,
} from '@org/tls-core';
import type { Addon, Answer, EngineHandle, NativeSession, Outcome, Question } from './addon.ts';
import { plain } from './describe.ts';
import type { Drive } from './drive.ts';
import { toTlsError } from './faults.ts';
import { alertFor, withSentAlert } from './hook-errors.ts';
import { isSide, type ConnectionSide } from './side.ts';

const majorVersion = 3;
const alertContentType = 21;
const fatal = 2;
/** Bytes of a record's header that show whether it is TLS at all. */
const startLength = 2;

/** One connection over the addon: what C++ answers goes to the sink, in order. */
export class NativeEngine implements TlsEngine {
  readonly #addon: Addon;
  readonly #drive: Drive;
  #side: ConnectionSide;
  readonly #sink: EngineSink;
  #handle: EngineHandle | undefined;
  /** Data that was to be sent before the handshake was done. */
  #unsent: Uint8Array[] = [];
  /** Bytes that may still be sent early, as a client. */
  #earlyAllowance = 0;
  /** What was sent early, until the server has taken it. */
  #sentEarly: Uint8Array[] = [];
  /** What came early and waits for the handshake, as a server. */
  #cameEarly: Uint8Array[] = [];
  /** The owner knows of early data: as a server it answers at once. */
  #answersEarly = false;
  /** What came until the ClientHello was answered: another context may have to read it again. */
  #opening: Uint8Array[] | undefined;
  /** What came while a hook was asked. */
  #held: Uint8Array[] = [];
  #isEndHeld = false;
  #isWaiting = false;
  /** A step of the handshake is under way, maybe on another thread: nothing else may touch the engine. */
  #isBusy = false;
  /** The library rests until a question of its is answered. */
  #isAsked = false;
  /** Why a hook refused; told when the library has sent the alert. */
  #refusal: TlsError | undefined;
  #failure: TlsError | undefined;
  #isStarted = false;
  #isEstablished = false;
  #isCloseRequested = false;
  #isPeerClosed = false;
  #isReleased = false;
  /** The peer's first bytes, until they have shown what it speaks; the library gets them then. */
  #start: Uint8Array | undefined = new Uint8Array(0);

  constructor(addon: Addon, side: ConnectionSide, sink: EngineSink, drive: Drive) {
    this.#addon = addon;
    this.#drive = drive;
    this.#side = side;
    this.#sink = sink;
    if (side.role === 'server') this.#opening = [];
  }

  get isInputHeld(): boolean {
    return this.#isWaiting;
  }

  start(): void {
    this.#refuseAfterFailure();
    if (this.#isStarted) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was already started');
    this.#isStarted = true;
    this.#await(
      () => this.#side.prepare?.(),
      () => {
        this.#handle = this.#side.open();
        this.#earlyAllowance = this.#side.maxEarlyData ?? 0;
        this.#step((engine) => this.#drive.start(engine));
      },
      (error) => this.#giveUp(error),
    );
  }

  receive(ciphertext: Uint8Array): void {
    this.#refuseAfterFailure();
    this.#refuseBeforeStart();
    if (this.#isPeerClosed || ciphertext.length === 0) return;
    if (this.#isWaiting) {
      this.#held.push(new Uint8Array(ciphertext));
      return;
    }
    const input = this.#start === undefined ? ciphertext : this.#withStart(this.#start, ciphertext);
    if (input === undefined) return;
    this.#opening?.push(new Uint8Array(input));
    this.#earlyAllowance = 0;
    if (this.#isEstablished) this.#tell(this.#addon.receive(this.#open, input));
    else this.#step((engine) => this.#drive.receive(engine, input));
  }

  /** OpenSSL has a dozen reasons for bytes that are no TLS; here they are judged as in every backend. */
  #withStart(start: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined {
    const input = start.length === 0 ? ciphertext : Buffer.concat([start, ciphertext]);
    const fault = faultOfFirstRecord(input);
    if (fault !== undefined) this.#giveUp(fault);
    this.#start = input.length < startLength ? new Uint8Array(input) : undefined;
    return fault === undefined && this.#start === undefined ? input : undefined;
  }

  receiveEnd(): void {
    this.#refuseAfterFailure();
    this.#refuseBeforeStart();
    if (this.#isPeerClosed) return;
    if (this.#isWaiting) {
      this.#isEndHeld = true;
      return;
    }
    const when = this.#isEstablished ? 'without close_notify: data may be missing' : 'in the middle of the handshake';
    this.#fail(new TlsError('ERR_TLS_TRUNCATED', `the connection ended ${when}`));
  }

  send(plaintext: Uint8Array): void {
    this.#refuseAfterFailure();
    if (this.#isCloseRequested) throw new TlsError('ERR_TLS_API_MISUSE', 'data cannot be sent behind close()');
    if (plaintext.length === 0) return;
    if (this.#isEstablished) this.#tell(this.#addon.send(this.#open, plaintext));
    else this.#sendBefore(plaintext);
  }

  /** Before the handshake is done: what may go out early does, the rest waits. */
  #sendBefore(plaintext: Uint8Array): void {
    const allowed = this.#answersEarly ? plaintext.length : Math.min(this.#earlyAllowance, plaintext.length);
    const early = this.#isWaiting ? 0 : allowed;
    if (early > 0) {
      this.#earlyAllowance -= Math.min(this.#earlyAllowance, early);
      const part = plaintext.subarray(0, early);
      if (!this.#answersEarly) this.#sentEarly.push(new Uint8Array(part));
      this.#tell(this.#addon.sendEarly(this.#open, part));
    }
    const rest = plaintext.subarray(early);
    if (rest.length > 0) this.#unsent.push(new Uint8Array(rest));
  }

  close(): void {
    this.#refuseAfterFailure();
    if (this.#isCloseRequested) return;
    this.#isCloseRequested = true;
    if (this.#isEstablished) this.#tell(this.#addon.close(this.#open));
  }

  requestKeyUpdate(): void {
    this.#refuseAfterFailure();
    if (!this.#isEstablished)
      throw new TlsError('ERR_TLS_API_MISUSE', 'keys can be updated once the handshake is done');
    if (this.#isCloseRequested) throw new TlsError('ERR_TLS_API_MISUSE', 'keys cannot be updated behind close()');
    if (this.#addon.facts(this.#open).version !== 0x0304) {
      throw new TlsError('ERR_TLS_API_MISUSE', 'TLS 1.2 has no key update');
    }
    this.#tell(this.#addon.updateKeys(this.#open));
  }

  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    this.#refuseAfterFailure();
    if (!this.#isEstablished)
      throw new TlsError('ERR_TLS_API_MISUSE', 'keying material can be exported once the handshake is done');
    checkExport(label, length);
    const material = this.#addon.exportKeyingMaterial(this.#open, label, context, length);
    if (material === undefined) throw new TlsError('ERR_TLS_BACKEND', 'OpenSSL cannot export keying material');
    return material;
  }

  exportEarlyKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    this.#refuseAfterFailure();
    checkExport(label, length);
    if (this.#isBusy) throw new TlsError('ERR_TLS_API_MISUSE', 'a step of the handshake is under way');
    const material = this.#addon.exportEarlyKeyingMaterial(this.#open, label, context ?? new Uint8Array(0), length);
    if (material === undefined) throw new TlsError('ERR_TLS_API_MISUSE', 'this connection has no early secret');
    return material;
  }

  fail(error: TlsError): void {
    this.#refuseAfterFailure();
    this.#giveUp(error);
  }

  destroy(): void {
    this.#unsent = [];
    this.#sentEarly = [];
    this.#cameEarly = [];
    this.#held = [];
    this.#opening = undefined;
    if (this.#isReleased) return;
    this.#isReleased = true;
    if (this.#handle !== undefined) this.#addon.release(this.#handle);
  }

  get #open(): EngineHandle {
    if (this.#handle === undefined) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was not started');
    return this.#handle;
  }

  /** Hands on what one call brought about: what came in, what goes out, and then what is wrong or asked. */
  #tell(outcome: Outcome): void {
    for (const line of outcome.keyLog ?? []) this.#sink.keyLog(line);
    if (outcome.earlyData !== undefined) this.#takeEarly(outcome.earlyData);
    if (outcome.isHandshakeDone === true) {
      this.#judgeResumed(outcome);
      return;
    }
    this.#tellRest(outcome);
  }

  #takeEarly(batch: Uint8Array): void {
    if (this.#sink.earlyData === undefined || this.#side.takesEarlyData !== true) {
      this.#cameEarly.push(batch);
      return;
    }
    this.#answersEarly = true;
    this.#sink.earlyData(batch);
  }

  #judgeResumed(outcome: Outcome): void {
    if (this.#isReleased) return;
    this.#opening = undefined;
    const info = this.#side.describe(this.#addon.facts(this.#open));
    const lost = this.#sentEarly.length === 0 ? undefined : earlyDataFault(info);
    if (lost !== undefined) {
      this.#giveUp(lost);
      return;
    }
    this.#await(
      () => (info.resumed ? this.#side.judgeResumed?.(info) : undefined),
      () => {
        const outcomes = this.#establish(info);
        this.#tellRest(outcome, outcomes);
      },
      (error) => {
        this.#sendOut(outcome.ciphertext === undefined ? [] : [outcome.ciphertext]);
        this.#giveUp(error);
      },
    );
  }

  #tellRest(outcome: Outcome, more: readonly Outcome[] = []): void {
    if (this.#isReleased) return;
    if (outcome.plaintext !== undefined) this.#sink.plaintext(outcome.plaintext);
    const outcomes = [outcome, ...more];
    this.#sendOut(outcomes.flatMap(({ ciphertext }) => ciphertext ?? []));
    this.#tellSessions(outcomes.flatMap(({ sessions }) => sessions ?? []));
    if (outcome.isPeerClosed === true && !this.#isReleased) {
      this.#isPeerClosed = true;
      this.#sink.closed();
    }
    const fault = outcomes.find((each) => each.fault !== undefined)?.fault;
    if (fault !== undefined && !this.#isReleased) {
      const refusal = this.#refusal && withSentAlert(this.#refusal, fault.sentAlert);
      this.#fail(refusal ?? toTlsError(fault, () => plain(this.#addon.peerChain(this.#open))));
      return;
    }
    if (outcome.question !== undefined && !this.#isReleased) this.#ask(outcome.question);
  }

  #tellSessions(sessions: readonly NativeSession[]): void {
    if (this.#isReleased || sessions.length === 0) return;
    const info = this.#side.describe(this.#addon.facts(this.#open));
    for (const native of sessions) {
      const session = this.#side.session?.(native, info);
      if (session === undefined || this.#isReleased) continue;
      this.#sink.session(session);
      const kept = attempt(() => this.#side.keep?.(session));
      if ('error' in kept) this.#giveUp(kept.error);
      else if (isPromiseLike(kept.value))
        kept.value.then(undefined, (error: unknown) => this.#giveUp(asTlsError(error)));
    }
  }

  #ask(question: Question): void {
    this.#isAsked = true;
    this.#await(
      () => this.#side.answer(question),
      (answer) => {
        if (isSide(answer)) this.#beginAnew(answer);
        else this.#resume(question, answer);
      },
      (error) => {
        this.#refusal = error;
        this.#resume(question, { alert: alertFor(error) });
      },
    );
  }

  #resume({ kind }: Question, answer: Answer): void {
    this.#isAsked = false;
    if (kind === 'clientHello') this.#opening = undefined;
    this.#step((engine) => this.#drive.resume(engine, answer));
  }

  /** Another configuration reads the ClientHello. Nothing has been sent yet. */
  #beginAnew(side: ConnectionSide): void {
    const opening = this.#opening ?? [];
    this.#opening = [];
    this.#isAsked = false;
    this.#addon.release(this.#open);
    this.#side = side;
    this.#handle = side.open();
    this.#held.unshift(...opening);
    this.#step((engine) => this.#drive.start(engine));
    this.#takeHeld();
  }

  /** One step of the handshake; tells what came of it when it is done. */
  #step(act: (engine: EngineHandle) => MaybePromise<Outcome>): void {
    const engine = this.#open;
    this.#isBusy = true;
    this.#await(
      () => act(engine),
      (outcome) => {
        this.#isBusy = false;
        this.#tell(outcome);
        if (this.#earlyAllowance === 0 || this.#isWaiting || this.#isReleased) return;
        for (const plaintext of this.#unsent.splice(0)) this.#sendBefore(plaintext);
      },
      (error) => this.#fail(error),
    );
  }

  /** Goes on when a hook has answered, at once or later; what comes meanwhile is kept. */
  #await<Value>(act: () => MaybePromise<Value>, next: (value: Value) => void, refuse: (error: TlsError) => void): void {
    const answered = attempt(act);
    if ('error' in answered) {
      refuse(answered.error);
      return;
    }
    const { value } = answered;
    if (!isPromiseLike(value)) {
      next(value);
      return;
    }
    this.#isWaiting = true;
    const goOn = (continueWith: () => void): void => {
      this.#isWaiting = false;
      if (this.#isReleased) return;
      const done = attempt(continueWith);
      if ('error' in done) this.#fail(done.error);
      this.#takeHeld();
    };
    value.then(
      (answer) => goOn(() => next(answer)),
      (error: unknown) => goOn(() => refuse(asTlsError(error))),
    );
  }

  #takeHeld(): void {
    while (!this.#isWaiting && !this.#isReleased && this.#held.length > 0) {
      // in one step, however small the pieces are
      const [only, ...more] = this.#held.splice(0);
      if (only !== undefined) this.receive(more.length === 0 ? only : Buffer.concat([only, ...more]));
    }
    if (!this.#isEndHeld || this.#isWaiting || this.#isReleased) return;
    this.#isEndHeld = false;
    this.receiveEnd();
  }

  /** The handshake is done: tells so, and protects what was to be sent. */
  #establish(info: ConnectionInfo): readonly Outcome[] {
    this.#isEstablished = true;
    this.#sink.handshake(info);
    for (const batch of this.#cameEarly.splice(0)) if (!this.#isReleased) this.#sink.plaintext(batch);
    const again = info.earlyData === 'accepted' || this.#side.dropsRejectedEarlyData === true ? [] : this.#sentEarly;
    const unsent = [...again, ...this.#unsent];
    this.#sentEarly = [];
    this.#unsent = [];
    const outcomes: Outcome[] = [];
    for (const plaintext of unsent) {
      if (!this.#isReleased) outcomes.push(this.#addon.send(this.#open, plaintext));
    }
    if (this.#isCloseRequested && !this.#isReleased) outcomes.push(this.#addon.close(this.#open));
    return outcomes;
  }

  #sendOut(batches: readonly Uint8Array[]): void {
    const [only] = batches;
    if (only === undefined || this.#isReleased) return;
    this.#sink.ciphertext(batches.length === 1 ? only : Buffer.concat(batches));
  }

  /** Ends it for a reason that the library does not know: the peer is told by an alert. */
  #giveUp(error: TlsError): void {
    if (error.alert !== undefined && error.direction === 'sent') this.#sendAlert(error.alert);
    this.#fail(error);
  }

  #sendAlert(alert: number): void {
    if (this.#failure !== undefined || this.#isReleased || this.#isCloseRequested || this.#isBusy) return;
    // neither side has keys yet: it goes out as it is (RFC 8446 §6.2)
    if (this.#handle === undefined || this.#start !== undefined) {
      this.#sendOut([Uint8Array.of(alertContentType, majorVersion, majorVersion, 0, 2, fatal, alert)]);
      return;
    }
    // what rests on another thread can only be woken there, and not at once
    if (this.#isAsked && this.#drive.isOffloaded) return;
    const { ciphertext } = this.#isAsked
      ? this.#addon.resume(this.#handle, { alert })
      : this.#addon.fail(this.#handle, alert);
    if (ciphertext !== undefined) this.#sendOut([ciphertext]);
  }

  #fail(error: TlsError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    const isWatched = !this.#isReleased;
    this.destroy(); // what is secret goes now, not when the owner gets to it
    if (isWatched) this.#sink.failed(error);
  }

  #refuseAfterFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isReleased) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was destroyed');
  }

  #refuseBeforeStart(): void {
    if (!this.#isStarted) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was not started');
  }
}

/** What a server must not do that was sent early data, and OpenSSL lets pass. */
function earlyDataFault({ protocol, helloRetryRequest, earlyData }: ConnectionInfo): TlsError | undefined {
  // RFC 8446 §D.3
  if (protocol === 'TLSv1.2')
    return new TlsError('ERR_TLS_PROTOCOL_VERSION', 'the server chose TLS 1.2 although early data was sent');
  // RFC 8446 §4.2.10: a HelloRetryRequest has rejected it
  if (helloRetryRequest && earlyData === 'accepted')
    return new TlsError('ERR_TLS_ILLEGAL_PARAMETER', 'the server accepted early data behind a HelloRetryRequest');
  return undefined;
}

function checkExport(label: string, length: number): void {
  if (!Number.isInteger(length) || length < 1 || length > 255 * 32)
    throw new RangeError(`length: expected 1 to 8160, got ${length}`);
  if (!/^[\x20-\x7e]{0,249}$/.test(label))
    throw new RangeError('label: expected at most 249 characters of printable ASCII');
}

type Attempt<Value> = { readonly value: Value } | { readonly error: TlsError };

/** What an action gives, or the error that it throws. */
function attempt<Value>(act: () => Value): Attempt<Value> {
  try {
    return { value: act() };
  } catch (error) {
    return { error: asTlsError(error) };
  }
}

function asTlsError(error: unknown): TlsError {
  return isTlsError(error) ? error : new TlsError('ERR_TLS_BACKEND', 'the native backend failed', { cause: error });
}
