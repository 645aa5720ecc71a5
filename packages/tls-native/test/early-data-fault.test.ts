import { AlertDescription, type ConnectionInfo } from '@org/tls-core';
import { describe, expect, it } from 'vitest';
import { earlyDataFault } from '../src/engine/early-data-fault.ts';

describe('a client’s early data', () => {
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
