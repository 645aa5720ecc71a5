import { describe, expect, it } from 'vitest';
import { decodeAlpnProtocol } from '../src/alpn.ts';
import { isUtf8 } from '../src/utf8.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodes(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

describe('UTF-8', () => {
  it('is told from other bytes as a strict decoder tells it: every string of three bytes at the borders', () => {
    const borders = [0, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed];
    const octets = [...borders, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff];
    for (const first of octets)
      for (const second of octets)
        for (const third of octets) {
          const bytes = Uint8Array.of(first, second, third);
          expect(isUtf8(bytes), bytes.join()).toBe(decodes(bytes));
          for (const fourth of [0x7f, 0x80, 0xbf, 0xc0]) {
            const four = Uint8Array.of(first, second, third, fourth);
            expect(isUtf8(four), four.join()).toBe(decodes(four));
          }
        }
  });

  it('decides how a protocol name is told, and a byte order mark is part of the name', () => {
    expect(decodeAlpnProtocol(new TextEncoder().encode('h2-ü-€-😀'))).toBe('h2-ü-€-😀');
    expect(decodeAlpnProtocol(Uint8Array.of(0xef, 0xbb, 0xbf, 0x68))).toBe('\uFEFFh');
    expect(decodeAlpnProtocol(Uint8Array.of(0xc3))).toBe('Ã');
  });
});
