import { createHash } from 'node:crypto';
import { createRoot } from '@org/pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { enginePair, type EnginePair, type PairOptions } from '../support/engine-pair.ts';

const headerLength = 5;
type Cut = (flight: number, records: readonly Uint8Array[]) => readonly Uint8Array[];

/** A client and a server of TLS 1.2 which both prove themselves. */
let peers: Pick<PairOptions, 'client' | 'server'>;
beforeAll(async () => {
  const root = await createRoot();
  const leaf = await root.issue({ names: ['localhost'] });
  const clientLeaf = await root.issue({ names: ['client'] });
  const trust = root.certificatePem;
  peers = {
    client: {
      maxVersion: 'TLSv1.2',
      groups: ['x25519', 'secp256r1'],
      grease: false,
      permuteExtensions: false,
      trust,
      identity: { certificateChain: clientLeaf.chainPem, privateKey: clientLeaf.privateKeyPem },
    },
    server: {
      maxVersion: 'TLSv1.2',
      groups: ['x25519', 'secp256r1'],
      identity: { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem },
      clientAuthentication: 'request',
      clientTrust: trust,
    },
  };
});

/** Runs a handshake; `cut` changes the client's records, flight by flight. */
function connect(cut: Cut): EnginePair {
  const engines = enginePair(peers);
  engines.server.start();
  engines.client.start();
  let flight = -1;
  engines.pump((batch, from) => {
    if (from === 'server') return [batch];
    flight += 1;
    return [Buffer.concat(cut(flight, recordsOf(batch)))];
  });
  return engines;
}

function recordsOf(batch: Uint8Array): readonly Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at < batch.length;) {
    const end = at + headerLength + ((batch[at + 3] ?? 0) << 8) + (batch[at + 4] ?? 0);
    records.push(batch.subarray(at, end));
    at = end;
  }
  return records;
}

/** Bytes that look random and are the same in each run. */
function garbage(seed: string, length: number): Uint8Array {
  return createHash('shake256', { outputLength: Math.max(1, length) })
    .update(seed)
    .digest()
    .subarray(0, length);
}

function withByteChanged(record: Uint8Array, at: number): Uint8Array {
  return record.map((byte, index) => (index === at ? byte ^ 0x41 : byte));
}

describe('a network cannot change what a TLS 1.2 client says', () => {
  it.each([0, 1])('in flight %i', (changed) => {
    const lengths: number[] = [];
    const honest = connect((flight, records) => {
      if (flight === changed) lengths.push(...records.map(({ length }) => length));
      return records;
    });
    expect(honest.serverSink.info).toBeDefined();
    for (const [which, length] of lengths.entries()) {
      // every third: a handshake for each byte takes too long
      for (let at = headerLength + (which % 3); at < length; at += 3) {
        const { serverSink, clientSink } = connect((flight, records) =>
          records.map((record, index) => {
            if (flight !== changed || index !== which) return record;
            // an ECDSA signature is not always as long
            return withByteChanged(record, Math.min(at, record.length - 1));
          }),
        );
        expect([which, at, serverSink.info]).toEqual([which, at, undefined]);
        expect(clientSink.info).toBeUndefined();
        for (const { failure } of [serverSink, clientSink]) expect(failure?.code).not.toBe('ERR_TLS_BACKEND');
      }
    }
  });

  it('nor does garbage do more than fail', () => {
    for (let turn = 0; turn < 300; turn += 1) {
      const engines = enginePair(peers);
      engines.server.start();
      const content = garbage(`content ${turn}`, turn);
      const framed = Buffer.concat([Uint8Array.of(22, 3, 1, content.length >>> 8, content.length), content]);
      engines.server.receive(
        turn % 2 === 0 ? framed : Buffer.concat([garbage(`header ${turn}`, headerLength), content]),
      );
      const { failure, info } = engines.serverSink;
      expect(info).toBeUndefined();
      expect(failure?.code).not.toBe('ERR_TLS_BACKEND');
      if (failure === undefined) engines.server.destroy();
    }
  });
});
