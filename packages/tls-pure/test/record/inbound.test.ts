import { AlertDescription } from '@org/tls-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { cipherSuites13, type CryptoProvider } from '@org/tls-crypto';
import { nodeCrypto } from '@org/tls-crypto/node';
import { Inbound } from '../../src/record/inbound.ts';
import { RecordProtection13 } from '../../src/record/record-protection-13.ts';
import { ContentType } from '../../src/wire/content-type.ts';
import { sealRecord } from '../support/one-record.ts';

let inbound: Inbound;
let peer: RecordProtection13;
let closures: number;

function protection(crypto: CryptoProvider = nodeCrypto): RecordProtection13 {
  const [suite] = cipherSuites13;
  if (suite === undefined) throw new Error('there is no cipher suite');
  return new RecordProtection13(crypto, suite, { key: new Uint8Array(16).fill(1), iv: new Uint8Array(12).fill(2) });
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

describe('records that come in one read', () => {
  /** How many records are opened for these, of which each is data or an alert that is let pass. */
  function countOpened(kinds: readonly ('data' | 'alert')[]): number {
    let opened = 0;
    const counting: CryptoProvider = {
      ...nodeCrypto,
      createAead: (algorithm, key) => {
        const aead = nodeCrypto.createAead(algorithm, key);
        return {
          seal: (...given) => aead.seal(...given),
          open: (...given) => {
            opened += 1;
            return aead.open(...given);
          },
        };
      },
    };
    const reader = new Inbound();
    reader.setVersion(true);
    reader.openWith(protection(counting));
    reader.finishHandshake();
    const records = kinds.map((kind) =>
      kind === 'data'
        ? sealRecord(peer, ContentType.applicationData, Uint8Array.of(1, 2, 3))
        : sealRecord(peer, ContentType.alert, Uint8Array.of(1, AlertDescription.userCanceled)),
    );
    reader.push(Buffer.concat(records));
    expect(reader.next()).toBeUndefined();
    const data = reader.takeBatches().reduce((sum, { length }) => sum + length, 0);
    expect(data).toBe(3 * kinds.filter((kind) => kind === 'data').length);
    return opened;
  }

  it('are each opened once where all are data', () => {
    expect(countOpened(Array.from({ length: 1000 }, () => 'data'))).toBe(1000);
  });

  it.each([1, 2, 3, 7, 8, 15, 16, 31, 63, 127, 255, 256, 300])(
    'are opened in vain less often than they come, with %d of data before each other one',
    (length) => {
      const cycle: readonly ('data' | 'alert')[] = [...Array.from({ length }, () => 'data' as const), 'alert'];
      // much data before it has many opened together
      const kinds = [
        ...Array.from({ length: 600 }, () => 'data' as const),
        ...Array.from({ length: Math.ceil(1200 / length) }, () => cycle).flat(),
      ];
      expect(countOpened(kinds)).toBeLessThan(2 * kinds.length);
    },
  );
});
