import process from 'node:process';
import { isTlsError } from '@org/tls-core';
import { Finding } from '../fuzzer.ts';
import type { Random } from '../random.ts';
import type { Damage } from './damage.ts';
import type { Stage } from './stage.ts';
import { WatchedEngine } from './watched-engine.ts';

/** How often both sides may answer each other in one connection. An honest one needs about ten rounds; one that never ends has no bound. */
const mostRounds = 5000;

/** A connection between a victim and its peer, in memory. */
export class Connection {
  readonly victim: WatchedEngine;
  /** The peer's promises are not watched, because it is made to break them. */
  readonly #peer: WatchedEngine;
  readonly #damage: Damage | undefined;
  /** The microseconds of CPU that the process took while the victim worked. */
  cpu = 0;
  #rounds = 0;

  /** @param act what the victim's owner does inside events */
  constructor(stage: Stage, act?: (engine: WatchedEngine) => void) {
    this.#damage = stage.damage;
    const { takesEarlyData = false } = stage.scenario;
    const options = { takesEarlyData, ...(act !== undefined && { act }) };
    this.victim = new WatchedEngine((sink) => stage.makeVictim(sink), options);
    this.#peer = new WatchedEngine((sink) => stage.makePeer(sink), { takesEarlyData });
  }

  /** The sessions that the peer got from the victim, or the victim from the peer. */
  get sessions() {
    return [...this.victim.sessions, ...this.#peer.sessions];
  }

  get isOpen(): boolean {
    return this.victim.info !== undefined && this.#peer.info !== undefined;
  }

  start(): void {
    this.#give(() => this.victim.start());
    this.#ask(() => this.#peer.engine.start());
  }

  /** Carries bytes both ways until nobody has any and nobody waits for a hook or a thread. */
  async pump(): Promise<void> {
    for (let idle = 0; idle < 3;) {
      const toPeer = this.victim.outgoing.splice(0);
      const toVictim = this.#peer.outgoing.splice(0).flatMap((batch) => this.#damage?.wire(batch) ?? [batch]);
      for (const bytes of toPeer) this.#ask(() => this.#peer.engine.receive(bytes));
      for (const bytes of toVictim) this.#give(() => this.victim.receive(bytes));
      if (toPeer.length + toVictim.length > 0) {
        idle = 0;
        this.#rounds += 1;
        if (this.#rounds > mostRounds) throw new Finding('a connection that does not end');
        continue;
      }
      idle += 1;
      await this.#turn();
    }
  }

  /** Lets both sides send data, change keys and close, in an order drawn by lot. */
  async talk(random: Random): Promise<void> {
    const acts = [
      () => this.#ask(() => this.#peer.engine.send(random.bytes(random.pick([1, 100, 20_000])))),
      () => this.#give(() => this.victim.send(new Uint8Array(random.pick([1, 20_000])).fill(7))),
      () => this.#ask(() => this.#peer.engine.requestKeyUpdate()),
      () => this.#give(() => allowMisuse(() => this.victim.engine.requestKeyUpdate())),
    ];
    for (let count = random.below(6); count > 0; count -= 1) {
      random.pick(acts)();
      if (random.oneIn(2)) await this.pump();
    }
    if (random.oneIn(3)) this.#give(() => this.victim.close());
    this.#ask(() => this.#peer.engine.close());
    await this.pump();
  }

  /** Ends the transport. The victim must then have failed, or been told that the peer was done. */
  async end(): Promise<void> {
    if (this.victim.isDestroyed) return;
    if (this.victim.failure === undefined) this.#give(() => this.victim.receiveEnd());
    await this.pump();
    for (let turn = 0; turn < 1000 && !this.#isVictimOver; turn += 1) await this.#turn();
    if (!this.#isVictimOver) throw new Finding('the end of the transport is no end');
    this.victim.checkEnd();
  }

  get #isVictimOver(): boolean {
    return this.victim.failure !== undefined || this.victim.isClosed || this.victim.isDestroyed;
  }

  /** Checks that a peer that did nothing wrong has no reason to complain. */
  checkPeer(): void {
    const { failure } = this.#peer;
    if (failure === undefined || failure.code === 'ERR_TLS_LIMIT') return;
    if (failure.family === 'decode' || failure.family === 'peer-misbehaved')
      throw new Finding(`an honest peer has to complain: ${failure.code}`, { cause: failure });
  }

  destroy(): void {
    this.victim.destroy();
    this.#peer.destroy();
  }

  /** Checks that the victim's application got what the peer's sealed, from its beginning. */
  checkPlaintext(sealed: readonly Uint8Array[]): void {
    const expected = Buffer.concat(sealed);
    const received = Buffer.concat(this.victim.received);
    if (Buffer.compare(expected.subarray(0, received.length), received) !== 0)
      throw new Finding('the application was given what the peer did not send');
  }

  #give(act: () => void): void {
    if (this.victim.failure !== undefined || this.victim.isDestroyed) return;
    const before = process.cpuUsage();
    act();
    this.#count(before);
  }

  #ask(act: () => void): void {
    if (this.#peer.failure !== undefined) return;
    try {
      act();
    } catch (error) {
      if (!isTlsError(error) && !(error instanceof RangeError)) throw error;
    }
  }

  async #turn(): Promise<void> {
    const before = process.cpuUsage();
    if (this.victim.engine.isInputHeld && this.victim.failure === undefined) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.victim.wake = resolve;
        timer = setTimeout(resolve, 20);
      });
      // What wakes it comes before the time is over: the timer would be what a campaign leaves open.
      clearTimeout(timer);
      this.victim.wake = undefined;
    } else await new Promise((resolve) => setImmediate(resolve));
    this.#count(before);
  }

  #count(before: NodeJS.CpuUsage): void {
    const { user, system } = process.cpuUsage(before);
    this.cpu += user + system;
  }
}

/** Allows the error of a caller: keys cannot be updated everywhere, which the caller has to know. */
function allowMisuse(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!isTlsError(error) || error.code !== 'ERR_TLS_API_MISUSE') throw error;
  }
}
