import { describe, expect, it } from 'vitest';
import { EarlyDataSender } from '../src/backend/early-data-sender.ts';

const terms = { maxLength: 5, alpnProtocol: 'a', isSentAgain: true };
const rejected = { earlyData: 'rejected', alpnProtocol: 'a' } as const;

describe('a client’s early data', () => {
  it('RFC 8446 §4.2.10 is no more than the session allows, and is sent again where it is rejected', () => {
    const sender = new EarlyDataSender(terms);
    expect(sender.take(Uint8Array.of(1, 2, 3))).toBe(3);
    expect(sender.take(Uint8Array.of(4, 5, 6))).toBe(2);
    expect(sender.isOpen).toBe(false);
    expect(sender.take(Uint8Array.of(7))).toBe(0);
    expect(sender.takeRejected(rejected).map((bytes) => [...bytes])).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    expect(sender.takeRejected(rejected)).toEqual([]);
  });

  it('is over when the server has answered', () => {
    const sender = new EarlyDataSender(terms);
    sender.end();
    expect(sender.take(new Uint8Array(3))).toBe(0);
    expect([sender.isOpen, sender.isUsed]).toEqual([false, false]);
  });

  it('is kept as it was, whatever its owner does with his memory', () => {
    const sender = new EarlyDataSender(terms);
    const bytes = Uint8Array.of(1, 2);
    sender.take(bytes);
    bytes.fill(0);
    expect(sender.takeRejected(rejected).map((kept) => [...kept])).toEqual([[1, 2]]);
  });

  it.each([
    ['what the server took', terms, { earlyData: 'accepted', alpnProtocol: 'a' }],
    ['what nobody wants to send again', { ...terms, isSentAgain: false }, { earlyData: 'rejected', alpnProtocol: 'b' }],
  ] as const)('is not sent again: %s', (_, given, info) => {
    const sender = new EarlyDataSender(given);
    sender.take(new Uint8Array(2));
    expect(sender.isUsed).toBe(true);
    expect(sender.takeRejected(info)).toEqual([]);
  });

  it.each([
    ['a', 'b', 'the protocol a, and chose b'],
    ['a', undefined, 'the protocol a, and chose none'],
    [undefined, 'b', 'the protocol none, and chose b'],
  ])('RFC 8446 §4.2.10 is not sent again under another protocol: %s, then %s', (meant, chosen, text) => {
    const sender = new EarlyDataSender({ ...terms, alpnProtocol: meant });
    const info = { earlyData: 'rejected', alpnProtocol: chosen } as const;
    expect(sender.takeRejected(info)).toEqual([]);
    const used = new EarlyDataSender({ ...terms, alpnProtocol: meant });
    used.take(new Uint8Array(2));
    expect(() => used.takeRejected(info)).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_NO_APPLICATION_PROTOCOL', message: expect.stringContaining(text) }),
    );
  });
});
