import { expect } from 'vitest';
import type { ProtocolVersion } from '@org/tls-core';
import { bothSpeak, common, type ConformanceCase } from '../conformance-case.ts';
import { only } from '../connections.ts';
import { MemoryPair, type Wire } from '../memory-pair.ts';

const illegal = { code: 'ERR_TLS_ILLEGAL_PARAMETER', alert: 47, direction: 'sent' } as const;

interface Row {
  readonly protocol: ProtocolVersion;
  /** Who sends the bad share. */
  readonly from: 'client' | 'server';
  readonly group: 'x25519' | 'secp256r1';
  /** What stands before the share in its message. */
  readonly before: readonly number[];
  readonly length: number;
}

const rows: readonly Row[] = [
  { protocol: 'TLSv1.3', from: 'client', group: 'x25519', before: [0, 29, 0, 32], length: 32 },
  { protocol: 'TLSv1.3', from: 'server', group: 'x25519', before: [0, 29, 0, 32], length: 32 },
  { protocol: 'TLSv1.3', from: 'client', group: 'secp256r1', before: [0, 23, 0, 65, 4], length: 64 },
  { protocol: 'TLSv1.3', from: 'server', group: 'secp256r1', before: [0, 23, 0, 65, 4], length: 64 },
  { protocol: 'TLSv1.2', from: 'client', group: 'x25519', before: [16, 0, 0, 33, 32], length: 32 },
  { protocol: 'TLSv1.2', from: 'client', group: 'secp256r1', before: [16, 0, 0, 66, 65, 4], length: 64 },
];

/** Shares that no key exchange can be made with: zeros, which are a point of X25519 that gives nothing and no point of P-256. */
export const badShareCases: readonly ConformanceCase[] = rows.map(
  ({ protocol, from, group, before, length }): ConformanceCase => ({
    id: `bad-share/${protocol.slice(4)}-${from}-${group}`,
    title: `§7.4.2 a share of ${group} that is zeros aborts with illegal_parameter, from the ${from} in ${protocol}`,
    applies: (roles) => bothSpeak(protocol)(roles) && common(roles, 'groups').includes(group),
    run: async (roles) => {
      let isReplaced = false;
      const wire: Wire = (batch, sender) => {
        const at = sender === from && !isReplaced ? find(batch, before) : -1;
        if (at === -1) return [batch];
        isReplaced = true;
        return [new Uint8Array(batch).fill(0, at + before.length, at + before.length + length)];
      };
      // not ECDSA in TLS 1.2: the groups are the curves of certificates too (RFC 8422 §5.1)
      const options = { certificate: 'rsa-2048', client: { ...only(protocol), groups: [group] } } as const;
      const pair = new MemoryPair(roles, options);
      await pair.settle(wire);
      const sink = from === 'client' ? pair.serverSink : pair.clientSink;
      expect(isReplaced).toBe(true);
      expect(sink.failure).toMatchObject(illegal);
    },
  }),
);

function find(bytes: Uint8Array, wanted: readonly number[]): number {
  return bytes.findIndex((_, at) => wanted.every((byte, index) => bytes[at + index] === byte));
}
