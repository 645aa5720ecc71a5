import type {
  ClientConfig,
  ClientEngineOptions,
  ConnectionInfo,
  EngineSink,
  ServerConfig,
  TlsClientContext,
  TlsEngine,
  TlsError,
  TlsServerContext,
  TlsSession,
} from '@org/tls-core';
import { signsWithEcdsa, type Roles } from './conformance-case.ts';
import type { FixtureCertificate } from './fixture-certificate.ts';
import { certificates, rootPem, type FixtureName } from './fixtures.ts';
import { rsaTwins } from './rsa-twins.ts';

/** The events that an engine can tell its owner. */
export type SinkEvent = Exclude<keyof EngineSink, symbol>;

/** Everything that an engine tells its owner, in order. */
export class MemorySink implements EngineSink {
  readonly outgoing: Uint8Array[] = [];
  readonly plaintexts: Uint8Array[] = [];
  readonly infos: ConnectionInfo[] = [];
  readonly keyLogLines: string[] = [];
  readonly sessions: TlsSession[] = [];
  readonly failures: TlsError[] = [];
  readonly warnings: TlsError[] = [];
  /** The events that were called, in order, without their arguments. */
  readonly calls: SinkEvent[] = [];
  /** A function that is called inside every event, once the event is noted; in it an owner can act upon what it was told. */
  answer: ((event: SinkEvent) => void) | undefined;
  /** Whether the owner has destroyed the engine. */
  isDestroyed = false;
  resumedCount = 0;
  /** The early data, which arrive here only with `takesEarlyData`. */
  readonly earlyDatas: Uint8Array[] = [];
  earlyData?: (batch: Uint8Array) => void;
  closedCount = 0;
  #wake: (() => void) | undefined;

  /** @param takesEarlyData when false, the sink has no `earlyData`, so that early data has to come as plaintext */
  constructor(takesEarlyData = false) {
    if (!takesEarlyData) return;
    this.earlyData = (batch) => {
      this.earlyDatas.push(batch);
      this.#note('earlyData');
    };
  }

  ciphertext(batch: Uint8Array): void {
    this.outgoing.push(batch);
    this.#note('ciphertext');
  }
  plaintext(batch: Uint8Array): void {
    this.plaintexts.push(batch);
    this.#note('plaintext');
  }
  handshake(info: ConnectionInfo): void {
    this.infos.push(info);
    this.#note('handshake');
  }
  session(session: TlsSession): void {
    this.sessions.push(session);
    this.#note('session');
  }
  keyLog(line: string): void {
    this.keyLogLines.push(line);
    this.#note('keyLog');
  }
  closed(): void {
    this.closedCount += 1;
    this.#note('closed');
  }
  warning(warning: TlsError): void {
    this.warnings.push(warning);
    this.#note('warning');
  }
  inputResumed(): void {
    this.resumedCount += 1;
    this.#note('inputResumed');
  }
  failed(error: TlsError): void {
    this.failures.push(error);
    this.#note('failed');
  }

  /** Whether nothing more can be given to the engine. */
  get isOver(): boolean {
    return this.isDestroyed || this.failure !== undefined;
  }

  get info(): ConnectionInfo | undefined {
    return this.infos[0];
  }
  get failure(): TlsError | undefined {
    return this.failures[0];
  }
  get received(): Uint8Array {
    return join(this.plaintexts);
  }
  get text(): string {
    return new TextDecoder().decode(this.received);
  }
  get earlyText(): string {
    return new TextDecoder().decode(join(this.earlyDatas));
  }

  /** Resolves at the next call of the sink. */
  activity(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Resolves when the engine has failed: at once, or when an engine with threads of its own gets to it. */
  async untilFailed(): Promise<TlsError> {
    for (;;) {
      const { failure } = this;
      if (failure !== undefined) return failure;
      await this.activity();
    }
  }

  #note(event: SinkEvent): void {
    this.calls.push(event);
    this.#wake?.();
    this.#wake = undefined;
    this.answer?.(event);
  }
}

export interface ContextOptions {
  readonly certificate?: FixtureName;
  readonly client?: ClientConfig;
  readonly server?: Partial<ServerConfig>;
}

/** What differs from one connection of a context to the next. */
export interface ConnectionOptions extends Partial<ClientEngineOptions> {
  /** Whether the server's sink has `earlyData`. */
  readonly takesEarlyData?: boolean;
  /** What the client sends at once. */
  readonly clientSends?: Uint8Array;
  /** Whether all that a side has to send arrives in one read. */
  readonly joinsBatches?: boolean;
  /** Whether a side is given nothing while it holds input, as a socket does that is paused. */
  readonly stopsWhileHeld?: boolean;
  /** Whether an error that a sink throws goes to `thrown`. */
  readonly catchesThrown?: boolean;
  /** Is called when both engines exist and are not yet started. */
  readonly prepare?: (pair: MemoryPair) => void;
}

export interface PairOptions extends ContextOptions, ConnectionOptions {}

/** The contexts of a client and a server, for several connections. */
export interface Contexts {
  readonly client: TlsClientContext;
  readonly server: TlsServerContext;
}

/** Makes contexts in which the client trusts the kit's root, and the server has a certificate for `localhost`. */
export function makeContexts(roles: Roles, options: ContextOptions = {}): Contexts {
  const { certificate = roles.certificate ?? 'ecdsa-p256', client, server } = options;
  return {
    client: roles.client.createClientContext({ trust: rootPem, ...client }),
    server: roles.server.createServerContext({ identity: identityFor(roles, certificate), ...server }),
  };
}

/** Cuts or changes a batch on its way. */
export type Wire = (batch: Uint8Array, from: 'client' | 'server') => readonly Uint8Array[];

/** A client and a server engine with a wire in memory between them. */
export class MemoryPair {
  readonly client: TlsEngine;
  readonly server: TlsEngine;
  readonly clientSink = new MemorySink();
  readonly serverSink: MemorySink;
  /** What one of the two sides cannot report. */
  readonly untold: readonly (keyof ConnectionInfo)[];
  /** The errors that calls threw, with `catchesThrown`. */
  readonly thrown: unknown[] = [];
  readonly #manner: ConnectionOptions;

  /** Makes both engines and starts them. */
  constructor(roles: Roles, options: PairOptions = {}, contexts: Contexts = makeContexts(roles, options)) {
    const { takesEarlyData, clientSends, prepare, serverName = 'localhost', ...rest } = options;
    const { session, sessionStore, earlyData, alpnProtocols, echConfigList, unusableEchConfigs } = rest;
    this.serverSink = new MemorySink(takesEarlyData);
    this.untold = roles.untold ?? [];
    this.#manner = options;
    this.server = contexts.server.createEngine(this.serverSink);
    this.client = contexts.client.createEngine(
      {
        serverName,
        ...(session === undefined ? {} : { session }),
        ...(sessionStore === undefined ? {} : { sessionStore }),
        ...(earlyData === undefined ? {} : { earlyData }),
        ...(alpnProtocols === undefined ? {} : { alpnProtocols }),
        ...(echConfigList === undefined ? {} : { echConfigList }),
        ...(unusableEchConfigs === undefined ? {} : { unusableEchConfigs }),
      },
      this.clientSink,
    );
    prepare?.(this);
    this.#call(() => this.server.start());
    this.#call(() => this.client.start());
    if (clientSends !== undefined) this.#call(() => this.client.send(clientSends));
  }

  /** Carries bytes both ways until neither side has any at the moment. */
  pump(wire: Wire = (batch) => [batch]): void {
    for (;;) {
      const toServer = this.#taken(this.clientSink).flatMap((batch) => wire(batch, 'client'));
      const toClient = this.#taken(this.serverSink).flatMap((batch) => wire(batch, 'server'));
      this.#toServer.push(...toServer);
      this.#toClient.push(...toClient);
      const given = [
        this.#give(this.#toServer, this.server, this.serverSink),
        this.#give(this.#toClient, this.client, this.clientSink),
      ];
      if (!given.includes(true)) return;
    }
  }

  /** The batches on the wire: they were carried, but not given to the server yet. */
  readonly #toServer: Uint8Array[] = [];
  readonly #toClient: Uint8Array[] = [];

  /** @returns whether there was anything to give */
  #give(batches: Uint8Array[], engine: TlsEngine, sink: MemorySink): boolean {
    let hasGiven = false;
    while (this.#manner.stopsWhileHeld !== true || !engine.isInputHeld) {
      const bytes = batches.shift();
      if (bytes === undefined) return hasGiven;
      hasGiven = true;
      if (!sink.isOver) this.#call(() => engine.receive(bytes));
    }
    return hasGiven;
  }

  #call(call: () => void): void {
    try {
      call();
    } catch (error) {
      if (this.#manner.catchesThrown !== true) throw error;
      this.thrown.push(error);
    }
  }

  #taken({ outgoing }: MemorySink): readonly Uint8Array[] {
    const batches = outgoing.splice(0);
    return this.#manner.joinsBatches === true && batches.length > 1 ? [join(batches)] : batches;
  }

  /**
   * Pumps until it holds, and waits for engines that go on by themselves. The runner's timeout ends it.
   * @param event something else that may make it hold, without a call to a sink
   */
  async pumpUntil(holds: () => boolean, wire?: Wire, event: Promise<void> = never): Promise<void> {
    for (;;) {
      const activity = Promise.race([this.clientSink.activity(), this.serverSink.activity(), event]);
      this.pump(wire);
      if (holds()) return;
      await activity;
    }
  }

  /** Whether each side is open or has failed. */
  get isSettled(): boolean {
    return [this.clientSink, this.serverSink].every(({ info, failure }) => info !== undefined || failure !== undefined);
  }

  /**
   * Runs both handshakes until they are done, or until one has failed and the other knows it.
   * @param isOver tells whether something else ends it
   * @throws Error when the handshake stands still, because each side waits for the other
   */
  async settle(wire?: Wire, isOver: () => boolean = () => this.isSettled): Promise<void> {
    let standsStill = false;
    let giveUp = (): void => undefined;
    const patience = new Promise<void>((resolve) => {
      giveUp = resolve;
    });
    const timer = startTimer(() => {
      standsStill = true;
      giveUp();
    }, patienceSeconds * 1000);
    await this.pumpUntil(() => standsStill || isOver(), wire, patience).finally(() => stopTimer(timer));
    if (!isOver()) throw new Error('the handshake stands still: each side waits for the other');
    // A side that was done before the other one failed must still be told.
    this.pump(wire);
  }
}

/** This only ends a hang with a sentence: no handshake takes so long, however busy the machine is. */
const patienceSeconds = 300;

/** The clock of the machine. A case may put another in its place, which runs ahead. */
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;

const never = new Promise<void>(() => undefined);

/** Gives a server's certificate of this name, for the kind of key that servers sign with here. */
export function certificateFor(roles: Roles, name: FixtureName): FixtureCertificate {
  const twin = signsWithEcdsa(roles) ? undefined : rsaTwins[name];
  return twin ?? certificates[name];
}

/** Gives a server's identity: that certificate with its key. Default: the one of a server that does not care. */
export function identityFor(roles: Roles, name: FixtureName = roles.certificate ?? 'ecdsa-p256'): PemIdentity {
  const { chainPem, privateKeyPem } = certificateFor(roles, name);
  return { certificateChain: chainPem, privateKey: privateKeyPem };
}

interface PemIdentity {
  readonly certificateChain: string;
  readonly privateKey: string;
}

export function identityOf(certificate: FixtureName): PemIdentity {
  const { chainPem, privateKeyPem } = certificates[certificate];
  return { certificateChain: chainPem, privateKey: privateKeyPem };
}

export function byteByByte(batch: Uint8Array): readonly Uint8Array[] {
  return Array.from(batch, (byte) => Uint8Array.of(byte));
}

export function join(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}

/** Makes bytes of which no two stretches are alike. */
export function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 0x9e3779b9;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

/** Compares bytes. With `toEqual`, comparing megabytes takes seconds. */
export function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

export function fromHex(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number(`0x${byte}`));
}
