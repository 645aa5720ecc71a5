import { isTlsError, type EngineSink, type TlsEngine, type TlsError, type TlsSession } from '@org/tls-core';
import type { EngineMaker, Victim } from './victim.ts';

/** The other side of a victim, honest or not. Its work is not measured. */
export class Peer implements EngineSink {
  readonly engine: TlsEngine;
  readonly outgoing: Uint8Array[] = [];
  readonly sessions: TlsSession[] = [];
  isDone = false;
  failure: TlsError | undefined;

  constructor(make: EngineMaker) {
    this.engine = make(this);
    this.engine.start();
  }

  receive(bytes: Uint8Array): void {
    if (this.failure !== undefined) return;
    try {
      this.engine.receive(bytes);
    } catch (error) {
      if (!isTlsError(error)) throw error;
    }
  }

  ciphertext(batch: Uint8Array): void {
    this.outgoing.push(batch);
  }
  plaintext(): void {
    // It does not matter what victims send.
  }
  handshake(): void {
    this.isDone = true;
  }
  session(session: TlsSession): void {
    this.sessions.push(session);
  }
  keyLog(): void {
    // Nobody asked for it.
  }
  closed(): void {
    // The play ends when nobody sends any more.
  }
  failed(error: TlsError): void {
    this.failure = error;
  }
}

/** Carries bytes both ways until neither side has any more, even after what it waits for. */
export async function converse(victim: Victim, peer: Peer): Promise<void> {
  for (;;) {
    const toPeer = victim.take();
    const toVictim = peer.outgoing.splice(0);
    for (const bytes of toPeer) peer.receive(bytes);
    for (const bytes of toVictim) victim.receive(bytes);
    if (toPeer.length + toVictim.length > 0) continue;
    if (!victim.engine.isInputHeld || victim.failure !== undefined) return;
    await victim.turn();
  }
}
