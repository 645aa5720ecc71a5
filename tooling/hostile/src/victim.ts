import process from 'node:process';
import { isTlsError, type ConnectionInfo, type EngineSink, type TlsEngine, type TlsError } from '@org/tls-core';

/** Makes one connection's engine for a sink. */
export type EngineMaker = (sink: EngineSink) => TlsEngine;

/** An engine under attack, with what it sends and the CPU that its work took. */
export class Victim implements EngineSink {
  readonly engine: TlsEngine;
  /** The bytes that it has for its peer. */
  readonly #outgoing: Uint8Array[] = [];
  /** The microseconds of CPU that the whole process took while the engine worked. */
  cpu = 0;
  /** How many bytes it was given. */
  received = 0;
  info: ConnectionInfo | undefined;
  failure: TlsError | undefined;
  /** It is given no more bytes than this in total. */
  readonly #appetite: number;

  constructor(make: EngineMaker, appetite = Infinity) {
    this.#appetite = appetite;
    const before = process.cpuUsage();
    this.engine = make(this);
    this.engine.start();
    this.#count(before);
  }

  /** @returns false when it takes no more bytes */
  receive(bytes: Uint8Array): boolean {
    if (this.failure !== undefined) return false;
    const eaten = bytes.subarray(0, Math.max(0, this.#appetite - this.received));
    this.received += eaten.length;
    if (eaten.length === 0) return false;
    const before = process.cpuUsage();
    try {
      this.engine.receive(eaten);
    } catch (error) {
      if (!isTlsError(error) || error !== this.failure) throw error;
    }
    this.#count(before);
    return this.failure === undefined;
  }

  /** Gives it bytes as `receive` does, one by one. */
  receiveEach(bytes: Uint8Array): void {
    const before = process.cpuUsage();
    for (let at = 0; at < bytes.length && this.failure === undefined && this.received < this.#appetite; at += 1) {
      this.engine.receive(bytes.subarray(at, at + 1));
      this.received += 1;
    }
    this.#count(before);
  }

  /** Lets the things happen for which it waits: Promises of hooks, and threads. */
  async turn(): Promise<void> {
    const before = process.cpuUsage();
    await new Promise((resolve) => setImmediate(resolve));
    this.#count(before);
  }

  take(): readonly Uint8Array[] {
    return this.#outgoing.splice(0);
  }

  ciphertext(batch: Uint8Array): void {
    this.#outgoing.push(batch);
  }
  plaintext(): void {
    // The application reads and forgets.
  }
  handshake(info: ConnectionInfo): void {
    this.info = info;
  }
  session(): void {
    // The application resumes nothing.
  }
  keyLog(): void {
    // Nobody asked for it.
  }
  closed(): void {
    // The attack goes on until it is over.
  }
  failed(error: TlsError): void {
    this.failure = error;
  }

  #count(before: NodeJS.CpuUsage): void {
    const { user, system } = process.cpuUsage(before);
    this.cpu += user + system;
  }
}
