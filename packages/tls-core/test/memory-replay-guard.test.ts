import { describe, expect, it } from 'vitest';
import { MemoryReplayGuard } from '../src/memory-replay-guard.ts';

const identifier = (number: number): Uint8Array => new Uint8Array(new Uint32Array([number]).buffer);

describe('a replay guard in memory', () => {
  it('knows what it has seen until that is over', () => {
    let now = 0;
    const guard = new MemoryReplayGuard(() => now);
    expect(guard.firstUse(identifier(1), 10)).toBe(true);
    expect(guard.firstUse(identifier(1), 10)).toBe(false);
    expect(guard.firstUse(identifier(2), 20)).toBe(true);
    now = 15;
    expect(guard.firstUse(identifier(2), 20)).toBe(false);
    expect(guard.firstUse(identifier(1), 25)).toBe(true);
  });

  it('takes nothing for new when it is full, and is not for ever', () => {
    let now = 0;
    const guard = new MemoryReplayGuard(() => now);
    for (let number = 0; number < 100_000; number += 1) guard.firstUse(identifier(number), 10);
    expect(guard.firstUse(identifier(100_001), 10)).toBe(false);
    now = 20;
    expect(guard.firstUse(identifier(100_001), 30)).toBe(true);
  });
});
