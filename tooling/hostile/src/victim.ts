import process from 'node:process';
import { isTlsError, type ConnectionInfo, type EngineSink, type TlsEngine, type TlsError } from '@org/tls-core';

/** Makes one connection's engine for a sink. */
export type EngineMaker = (sink: EngineSink) => TlsEngine;

/** An engine under attack: what it says, and the CPU that its work took. */
export class Victim implements EngineSink {
  readonly engine: TlsEngine;
  /** What it has for its peer. */
  readonly #outgoing: Uint8Array[] = [];
  /** Microseconds of the whole process while the engine worked. */
  cpu = 0;
  /** Bytes that it was given. */
  received = 0;
  info: ConnectionInfo | undefined;
  failure: TlsError | undefined;
  /** It is given no more bytes than this in all. */
  readonly #appetite: number;

  constructor(make: EngineMaker, appetite = Infinity) {
    this.#appetite = appetite;
    const before = process.cpuUsage();
    this.engine = make(this);
    this.engine.start();
    this.#count(before);
  }

  /** @returns false when it takes no more */
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

  /** As `receive`, byte by byte. */
  receiveEach(bytes: Uint8Array): void {
    const before = process.cpuUsage();
    for (let at = 0; at < bytes.length && this.failure === undefined && this.received < this.#appetite; at += 1) {
      this.engine.receive(bytes.subarray(at, at + 1));
      this.received += 1;
    }
    this.#count(before);
  }

  /** Lets what it waits for happen: Promises of hooks, threads. */
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
    // an application that reads and forgets
  }
  handshake(info: ConnectionInfo): void {
    this.info = info;
  }
  session(): void {
    // an application that resumes nothing
  }
  keyLog(): void {
    // nobody asked for it
  }
  closed(): void {
    // it goes on until the attack is over
  }
  failed(error: TlsError): void {
    this.failure = error;
  }

  #count(before: NodeJS.CpuUsage): void {
    const { user, system } = process.cpuUsage(before);
    this.cpu += user + system;
  }
}
