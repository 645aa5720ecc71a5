import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ExternalPskDigests } from '../src/backend/external-psk-digests.ts';
import { MemoryReplayGuard } from '../src/memory-replay-guard.ts';
import { withChecksum, withoutChecksum } from '../src/backend/session-checksum.ts';
import { TicketKeyRing } from '../src/backend/ticket-key-ring.ts';

const hour = 3_600_000;

describe('a replay guard in memory', () => {
  it('§8.2 remembers an identifier up to the end of its period, the last instant included', () => {
    let now = 1000;
    const guard = new MemoryReplayGuard(() => now);
    const identifier = Uint8Array.of(1, 2, 3);
    expect(guard.firstUse(identifier, 2000)).toBe(true);
    for (const time of [1000, 1999, 2000]) {
      now = time;
      expect(guard.firstUse(identifier, time + 1000)).toBe(false);
    }
    now = 2001;
    expect(guard.firstUse(identifier, 3000)).toBe(true);
  });
});

describe('a context’s own ticket keys', () => {
  const ring = (clock: () => number, lifetime: number): TicketKeyRing => {
    let drawn = 0;
    return new TicketKeyRing(clock, (into) => into.fill((drawn += 1)), lifetime);
  };

  it('change every six hours, and open what they sealed for as long as a session lives', () => {
    let now = 0;
    const keys = ring(() => now, 2 * hour);
    const [first] = keys.current();
    now = 6 * hour - 1;
    expect(keys.current()[0]).toBe(first);
    now = 6 * hour;
    const rotated = keys.current();
    expect(rotated[0]).not.toBe(first);
    expect(rotated).toContain(first);
    now = 30 * 24 * hour;
    expect(keys.current()).toHaveLength(1);
  });

  it('can be changed before their time, and are 16 at most then', () => {
    const keys = ring(() => 5, hour);
    const [first] = keys.current();
    keys.rotate();
    expect(keys.current()[1]).toBe(first);
    for (let round = 0; round < 100; round += 1) keys.rotate();
    expect(keys.current()).toHaveLength(16);
    expect(keys.current()).not.toContain(first);
  });

  it('are gone when none of their sessions can live any more, also where nobody asked meanwhile', () => {
    let now = 0;
    const keys = ring(() => now, 7 * 24 * hour);
    const [first] = keys.current();
    now = 100 * 24 * hour;
    expect(keys.current()).not.toContain(first);
    expect(keys.current()).toHaveLength(1);
  });

  it('have a name and a secret that were drawn, each by itself', () => {
    const keys = ring(() => 0, hour).current();
    expect(keys).toEqual([{ name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(2) }]);
  });

  it('are as many as seven days of sessions need, and no more', () => {
    let now = 0;
    const keys = ring(() => now, 7 * 24 * hour);
    for (let turn = 0; turn < 100; turn += 1, now += 6 * hour) keys.current();
    expect(keys.current().length).toBeLessThanOrEqual(29);
  });
});

describe('the digest of an external key', () => {
  const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
  const psk = { identity: Uint8Array.of(1), key: new Uint8Array(32).fill(2) };

  it('finds the key again, and no other of the same identity', () => {
    const digest = new ExternalPskDigests([psk], sha256).digestOf(psk) ?? new Uint8Array();
    const copy = { ...psk };
    expect(new ExternalPskDigests([copy], sha256).find(digest)).toBe(copy);
    const others = [
      { ...psk, key: new Uint8Array(32).fill(3) },
      { ...psk, hash: 'sha384' as const },
      { ...psk, importer: { context: new Uint8Array() } },
    ];
    expect(new ExternalPskDigests(others, sha256).find(digest)).toBeUndefined();
    expect(new ExternalPskDigests([], sha256).digestOf(undefined)).toBeUndefined();
  });
});

describe('a checksum before a session’s state', () => {
  it('tells of every byte that changed and every one that is missing', () => {
    const state = Uint8Array.from({ length: 300 }, (_, index) => index);
    const whole = withChecksum(state);
    expect(withoutChecksum(whole)).toEqual(state);
    for (const index of whole.keys()) {
      expect(withoutChecksum(whole.subarray(0, index))).toBeUndefined();
      expect(withoutChecksum(Uint8Array.from(whole, (byte, at) => (at === index ? byte ^ 1 : byte)))).toBeUndefined();
    }
  });

  it('is taken from a copy, which is the reader’s to wipe', () => {
    const whole = withChecksum(Uint8Array.of(1, 2, 3));
    withoutChecksum(whole)?.fill(0);
    expect(withoutChecksum(whole)).toEqual(Uint8Array.of(1, 2, 3));
  });
});
