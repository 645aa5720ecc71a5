import { AlertDescription } from '@org/tls-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { cipherSuites13 } from '@org/tls-crypto';
import { nodeCrypto } from '@org/tls-crypto/node';
import { Inbound } from '../../src/record/inbound.ts';
import { RecordProtection13 } from '../../src/record/record-protection-13.ts';
import { ContentType } from '../../src/wire/content-type.ts';
import { sealRecord } from '../support/one-record.ts';

let inbound: Inbound;
let peer: RecordProtection13;
let closures: number;

function protection(): RecordProtection13 {
  const [suite] = cipherSuites13;
  if (suite === undefined) throw new Error('there is no cipher suite');
  return new RecordProtection13(nodeCrypto, suite, { key: new Uint8Array(16).fill(1), iv: new Uint8Array(12).fill(2) });
}

beforeEach(() => {
  closures = 0;
  inbound = new Inbound();
  inbound.setVersion(true);
  inbound.openWith(protection());
  inbound.finishHandshake();
  peer = protection();
});

function receive(type: number, ...content: readonly number[]): void {
  inbound.push(sealRecord(peer, type, Uint8Array.from(content)));
  for (let next = inbound.next(); next !== undefined; next = inbound.next())
    if (next.kind === 'closeNotify') closures += 1;
}

const limit = { code: 'ERR_TLS_LIMIT', alert: AlertDescription.unexpectedMessage };

describe('what an open connection of TLS 1.3 receives', () => {
  it('may be 32 records without content in a row, and no more', () => {
    for (let round = 0; round < 2; round += 1) {
      for (let index = 0; index < 32; index += 1) receive(ContentType.applicationData);
      if (round === 0) receive(ContentType.applicationData, 1);
    }
    expect(() => receive(ContentType.applicationData)).toThrow(expect.objectContaining(limit));
  });

  it('§6 may be no alert of the level warning but two: any other is fatal', () => {
    receive(ContentType.alert, 1, AlertDescription.userCanceled);
    receive(ContentType.alert, 1, AlertDescription.closeNotify);
    expect(closures).toBe(1);
    expect(() => receive(ContentType.alert, 1, AlertDescription.noRenegotiation)).toThrow(
      expect.objectContaining({
        code: 'ERR_TLS_ALERT',
        alert: AlertDescription.noRenegotiation,
        direction: 'received',
      }),
    );
  });

  it('may be no content type that there is not', () => {
    expect(() => receive(24, 1)).toThrow(expect.objectContaining({ code: 'ERR_TLS_UNEXPECTED_MESSAGE' }));
  });
});
