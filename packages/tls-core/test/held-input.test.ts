import { beforeEach, describe, expect, it } from 'vitest';
import { maxHeldInput } from '../src/engine.ts';
import { HeldInput } from '../src/backend/held-input.ts';

const limit = expect.objectContaining({ code: 'ERR_TLS_LIMIT', alert: 10 }) as Error;

describe('held input', () => {
  let held: HeldInput;
  beforeEach(() => {
    held = new HeldInput();
  });

  it('is ERR_TLS_LIMIT when it becomes more than maxHeldInput', () => {
    held.push(new Uint8Array(maxHeldInput));
    expect(() => held.push(Uint8Array.of(1))).toThrow(limit);
    expect(held.take()).toHaveLength(maxHeldInput);
    expect(() => held.push(new Uint8Array(maxHeldInput + 1))).toThrow(limit);
  });

  it('holds what one call brought whatever its length, and nothing behind it', () => {
    held.putBack(new Uint8Array(maxHeldInput + 1));
    expect(() => held.push(Uint8Array.of(1))).toThrow(limit);
    expect(() => held.append(Uint8Array.of(1))).toThrow(limit);
    held.clear();
    held.append(new Uint8Array(2 * maxHeldInput));
    expect(held.take()).toHaveLength(2 * maxHeldInput);
  });

  it('gives back all that it was given, in order, in one piece', () => {
    const sent = Uint8Array.from({ length: 5000 }, (_, index) => index % 251);
    for (const byte of sent) held.push(Uint8Array.of(byte));
    expect(held.isEmpty).toBe(false);
    expect(held.take()).toEqual(sent);
    expect([held.isEmpty, held.take()]).toEqual([true, undefined]);
  });

  it('puts back in front of what has come since', () => {
    held.push(Uint8Array.of(3, 4));
    held.putBack(Uint8Array.of(1, 2));
    expect(held.take()).toEqual(Uint8Array.of(1, 2, 3, 4));
  });

  it('is a copy', () => {
    const lent = Uint8Array.of(1);
    held.push(lent);
    lent[0] = 2;
    expect(held.take()).toEqual(Uint8Array.of(1));
  });

  it('holds one-byte pieces in one buffer', () => {
    for (let count = 0; count < 4096; count += 1) held.push(Uint8Array.of(1));
    expect(held.take()?.buffer.byteLength).toBeLessThanOrEqual(2 * 4096);
  });
});
