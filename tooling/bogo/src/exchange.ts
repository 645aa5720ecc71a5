import { connect, type Socket } from 'node:net';
import {
  isTlsError,
  TlsError,
  type ClientEngineOptions,
  type ConnectionInfo,
  type TlsEngine,
  type TlsSession,
} from '@org/tls-core';
import { checkConnection, checkRejectedEch, checkSession } from './checks.ts';
import { ExchangeError } from './exchange-error.ts';
import { makeClientConfig, makeServerConfig, type Seen, type SharedState } from './contexts.ts';
import type { TestConfig } from './test-config.ts';
import { withAlert } from './with-alert.ts';

/** The sizes of what `-write-different-record-sizes` writes, in bytes. */
const differentSizes = [0, 1, 255, 256, 257, 16_383, 16_384, 16_385, 32_767, 32_768, 32_769];

/** Runs one connection as BoringSSL's shim would. @returns the session that came last */
export async function runConnection(
  config: TestConfig,
  isResumption: boolean,
  session: TlsSession | undefined,
  shared: SharedState,
): Promise<TlsSession | undefined> {
  const socket = await open(config);
  try {
    return await new Exchange(config, isResumption, session, shared, socket).run();
  } finally {
    socket.destroy(); // the worker goes on after its tests, so that nothing else would do this
  }
}

async function open({ port, ipv6, shimId }: TestConfig): Promise<Socket> {
  const socket = connect({ port, host: ipv6 ? '::1' : '127.0.0.1', noDelay: true, allowHalfOpen: true });
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const id = Buffer.alloc(8);
  id.writeBigUInt64LE(shimId);
  socket.write(id);
  return socket;
}

class Exchange {
  readonly #config: TestConfig;
  readonly #isResumption: boolean;
  readonly #shared: SharedState;
  readonly #socket: Socket;
  readonly #engine: TlsEngine;
  readonly #seen: Seen = { verifications: [], complaints: [], hellos: 0, hasStored: false };
  readonly #offered: TlsSession | undefined;
  #info: ConnectionInfo | undefined;
  #session: TlsSession | undefined;
  #failure: Error | undefined;
  #isDone = false;
  #sawCloseNotify = false;
  #finish: () => void = () => undefined;

  constructor(
    config: TestConfig,
    isResumption: boolean,
    session: TlsSession | undefined,
    shared: SharedState,
    socket: Socket,
  ) {
    this.#config = config;
    this.#isResumption = isResumption;
    this.#shared = shared;
    this.#socket = socket;
    this.#offered = session;
    this.#engine = this.#makeEngine(session);
  }

  async run(): Promise<TlsSession | undefined> {
    const over = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    this.#socket.on('error', () => this.#end());
    this.#socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    this.#socket.on('end', () => this.#receiveEnd());
    this.#guard(() => {
      this.#engine.start();
      const { readWithUnfinishedWrite, shimWritesFirst } = this.#config;
      if (readWithUnfinishedWrite && this.#writesEarly) this.#beginWrite();
      else if (shimWritesFirst && !readWithUnfinishedWrite) this.#writeFirst();
    });
    await over;
    this.#engine.destroy();
    await this.#drain();
    this.#conclude();
    return this.#session;
  }

  #makeEngine(session: TlsSession | undefined): TlsEngine {
    const config = this.#config;
    const { backend } = this.#shared;
    const sink = {
      ciphertext: (batch: Uint8Array) => this.#transmit(batch),
      plaintext: (batch: Uint8Array) => this.#echo(batch),
      earlyData: (batch: Uint8Array) => this.#echo(batch),
      handshake: (info: ConnectionInfo) => {
        this.#info = info;
      },
      session: (given: TlsSession) => {
        this.#session = given;
      },
      keyLog: (line: string) => void this.#keyLog.push(line),
      closed: () => {
        this.#sawCloseNotify = true;
      },
      failed: (error: TlsError) => {
        this.#failure = error;
        this.#end();
      },
    };
    if (config.isServer) {
      const make = (withSigners: boolean) => makeServerConfig(config, this.#shared, this.#seen, withSigners);
      return signing(config, (how) => backend.createServerContext(make(how))).createEngine(sink);
    }
    const make = (withSigners: boolean) => makeClientConfig(config, this.#shared, this.#seen, withSigners);
    const context = signing(config, (how) => backend.createClientContext(make(how)));
    const options: ClientEngineOptions = {
      // an address is not sent as SNI
      serverName: config.hostName ?? '127.0.0.1',
      ...(session === undefined ? {} : { session }),
      // BoringSSL leaves it to the test to write again what was rejected.
      earlyData: config.enableEarlyData && (config.writesAgain || 'once'),
    };
    const { echConfigList, rejectUnusableEchConfig } = config;
    if (echConfigList === undefined) return context.createEngine(options, sink);
    // BoringSSL goes on without it, unless it is told not to.
    const unusableEchConfigs = rejectUnusableEchConfig ? 'refuse' : 'ignore';
    return context.createEngine({ ...options, echConfigList, unusableEchConfigs }, sink);
  }

  /** Receives bytes; with `-async` each comes by itself. */
  #receive(bytes: Buffer): void {
    const pieces = this.#config.isAsync ? Array.from(bytes, (byte) => Uint8Array.of(byte)) : [bytes];
    for (const piece of pieces) {
      if (this.#isDone) return;
      this.#guard(() => this.#engine.receive(piece));
    }
  }

  #receiveEnd(): void {
    if (this.#isDone) return;
    this.#guard(() => this.#engine.receiveEnd());
    if (this.#sawCloseNotify) this.#end();
  }

  /** What may only be done outside of the engine's calls, because it must not be called from the sink. */
  readonly #queue: (() => void)[] = [];
  #isInside = false;

  #guard(work: () => void): void {
    if (this.#isDone) return;
    try {
      this.#isInside = true;
      work();
      this.#isInside = false;
      this.#afterCall();
    } catch (error) {
      this.#isInside = false;
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
      this.#end();
    }
  }

  #wasOpen = false;

  #afterCall(): void {
    if (this.#info !== undefined && !this.#wasOpen) {
      this.#wasOpen = true;
      this.#onHandshake(this.#info);
    }
    for (const action of this.#queue.splice(0)) if (!this.#isDone) action();
    if (this.#sawCloseNotify && !this.#isDone) {
      this.#engine.close();
      this.#end();
    }
  }

  #later(action: () => void): void {
    this.#queue.push(action);
    // A hook's Promise resumed the engine, so that no call of ours is around it.
    if (!this.#isInside) queueMicrotask(() => this.#guard(() => undefined));
  }

  #onHandshake(info: ConnectionInfo): void {
    const config = this.#config;
    if (config.handshakeNeverDone) throw new ExchangeError('the handshake was done');
    checkConnection(config, info, this.#isResumption, this.#shared, this.#seen);
    const { exportKeyingMaterial: length } = config;
    if (length > 0) this.#engine.send(this.#exportKeyingMaterial(length));
    if (config.exportTrafficSecrets) this.#engine.send(trafficSecrets(this.#keyLog, config.isServer));
    if (config.sendAlert) {
      this.#engine.fail(withAlert(new TlsError('ERR_TLS_ABORTED', 'the test wants it so'), decompressionFailure));
      return;
    }
    if (config.readWithUnfinishedWrite && !this.#writesEarly) this.#beginWrite();
    if (config.writeDifferentRecordSizes)
      for (const size of differentSizes) this.#engine.send(Buffer.alloc(size, 0x42));
    if (config.keyUpdateBeforeRead) this.#engine.requestKeyUpdate();
    if (config.shimShutsDown) this.#engine.close();
    if (config.shimShutsDown && !config.checkCloseNotify) this.#end();
  }

  #exportKeyingMaterial(length: number): Uint8Array {
    const { exportLabel, exportContext, useExportContext } = this.#config;
    const context = useExportContext ? Buffer.from(exportContext, 'latin1') : undefined;
    return this.#engine.exportKeyingMaterial(exportLabel, context, length);
  }

  #writeFirst(): void {
    const { initialWrite, repeatInitialWrite } = this.#config;
    for (let count = 0; count < repeatInitialWrite; count += 1) this.#engine.send(Buffer.from(initialWrite, 'latin1'));
  }

  #echo(batch: Uint8Array): void {
    this.#later(() => {
      this.#finishWrite();
      if (this.#config.shimShutsDown) return;
      if (this.#config.exporterBetweenReads) this.#engine.exportKeyingMaterial('some label', undefined, 1024);
      if (this.#config.keyUpdate) this.#engine.requestKeyUpdate();
      this.#engine.send(batch.map((byte) => byte ^ 0xff));
      if (this.#config.keyUpdateBeforeRead) this.#engine.requestKeyUpdate();
    });
  }

  get #writesEarly(): boolean {
    return this.#config.enableEarlyData && !this.#config.isServer && this.#offered !== undefined;
  }

  readonly #keyLog: string[] = [];
  /** What the transport does not accept yet; `undefined` where it accepts everything. */
  #stuck: Uint8Array[] | undefined;

  #transmit(batch: Uint8Array): void {
    if (this.#stuck === undefined) {
      this.#socket.write(batch);
      return;
    }
    this.#stuck.push(batch);
    // What reading causes to be sent goes out, together with what stands before it.
    if (!this.#isWriting) this.#finishWrite();
  }

  #isWriting = false;

  /** The transport accepts one byte of it, and more when something has been read. */
  #beginWrite(): void {
    this.#stuck = [];
    this.#isWriting = true;
    this.#writeFirst();
    this.#isWriting = false;
    const [first = new Uint8Array(0), ...more] = this.#stuck;
    this.#socket.write(first.subarray(0, 1));
    this.#stuck = [first.subarray(1), ...more];
  }

  #finishWrite(): void {
    const batches = this.#stuck ?? [];
    this.#stuck = undefined;
    for (const batch of batches) this.#socket.write(batch);
  }

  #end(): void {
    this.#isDone = true;
    this.#finish();
  }

  /** Half-closes and reads on, because a reset could lose an alert that was sent. */
  async #drain(): Promise<void> {
    const socket = this.#socket;
    if (socket.destroyed) return;
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.end();
      socket.resume();
      if (socket.readableEnded) socket.destroy();
      else socket.once('end', () => socket.destroy());
    });
  }

  #conclude(): void {
    const config = this.#config;
    const failure = this.#failure;
    checkRejectedEch(config, failure);
    const isUnclean = isTlsError(failure) && failure.code === 'ERR_TLS_TRUNCATED' && this.#info !== undefined;
    if (failure !== undefined && !(isUnclean && !config.checkCloseNotify)) throw failure;
    if (this.#info === undefined) throw new ExchangeError('the handshake was not done');
    if (config.checkCloseNotify && !this.#sawCloseNotify) throw new ExchangeError('no close_notify');
    checkSession(config, this.#info, this.#session, this.#offered);
    const [complaint] = this.#seen.complaints;
    if (complaint !== undefined) throw new ExchangeError(complaint);
  }
}

/** The alert that `-send-alert` sends; it is obsolete (RFC 5246 §7.2.2). */
const decompressionFailure = 30;

/** Writes them as BoringSSL's shim does: a length in two bytes, then the secret for reading and the one for writing. */
function trafficSecrets(keyLog: readonly string[], isServer: boolean): Uint8Array {
  const secretOf = (sender: string): Buffer => {
    const line = keyLog.find((each) => each.startsWith(`${sender}_TRAFFIC_SECRET_0 `)) ?? '';
    return Buffer.from(line.split(' ')[2] ?? '', 'hex');
  };
  const [read, write] = isServer ? ['CLIENT', 'SERVER'] : ['SERVER', 'CLIENT'];
  const secrets = [read, write].map((sender) => secretOf(sender ?? ''));
  const length = Buffer.alloc(2);
  length.writeUInt16LE(secrets[0]?.length ?? 0);
  return Buffer.concat([length, ...secrets]);
}

/** With `-async`, keys are signers whose answers come later, where the backend supports signers. */
function signing<Context>({ isAsync }: TestConfig, make: (withSigners: boolean) => Context): Context {
  try {
    return make(isAsync);
  } catch (error) {
    const isRefused = isTlsError(error) && error.code === 'ERR_TLS_UNSUPPORTED' && error.option === 'identity';
    if (!isAsync || !isRefused) throw error;
    return make(false);
  }
}
