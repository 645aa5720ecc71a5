import { AlertDescription, type ConnectionInfo } from '@org/tls-core';
import { describe, expect, it } from 'vitest';
import { earlyDataFault, SentEarly } from '../src/engine/sent-early.ts';

describe('a client’s early data', () => {
  it('RFC 8446 §4.2.10 is no more than the session allows', () => {
    const sent = new SentEarly();
    sent.allow(5);
    expect(sent.take(new Uint8Array(3))).toBe(3);
    expect(sent.take(new Uint8Array(3))).toBe(2);
    expect(sent.isAllowed).toBe(false);
    expect(sent.take(new Uint8Array(3))).toBe(0);
    expect(sent.takeAll().map(({ length }) => length)).toEqual([3, 2]);
  });

  it('is over when the server has answered', () => {
    const sent = new SentEarly();
    sent.allow(5);
    sent.end();
    expect(sent.take(new Uint8Array(3))).toBe(0);
    expect(sent.isEmpty).toBe(true);
  });

  const { protocolVersion, illegalParameter } = AlertDescription;
  it.each([
    [{ protocol: 'TLSv1.3', helloRetryRequest: false, earlyData: 'accepted' }, undefined],
    [{ protocol: 'TLSv1.3', helloRetryRequest: true, earlyData: 'rejected' }, undefined],
    [{ protocol: 'TLSv1.3', helloRetryRequest: true, earlyData: 'accepted' }, illegalParameter],
    [{ protocol: 'TLSv1.2', helloRetryRequest: false, earlyData: 'none' }, protocolVersion],
  ] as const)('RFC 8446 §4.2.10, §D.3 may have become of it what the connection %o says', (info, alert) => {
    expect(earlyDataFault(info as unknown as ConnectionInfo)?.alert).toBe(alert);
  });
});
