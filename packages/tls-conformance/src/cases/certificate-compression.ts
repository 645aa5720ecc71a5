import type { CertificateCompressor } from '@org/tls-core';
import { bothHave, bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { rootPem } from '../fixtures.ts';
import { byteByByte, identityOf, text } from '../memory-pair.ts';
import { deflateStored, inflateStored } from '../stored-zlib.ts';

const applies = (roles: Roles): boolean => bothSpeak('TLSv1.3')(roles) && bothHave('certificateCompression')(roles);
const client = only('TLSv1.3');

/** A compressor by zlib under a number of its own. It notes what it is asked for. */
function zlib(calls: string[], algorithm = 1): Required<CertificateCompressor> {
  return {
    algorithm,
    compress: (certificate) => {
      calls.push(`compress ${algorithm}`);
      return deflateStored(certificate);
    },
    decompress: (compressed) => {
      calls.push(`decompress ${algorithm}`);
      return inflateStored(compressed);
    },
  };
}

/** Certificates that are sent compressed (RFC 8879). */
export const certificateCompressionCases: readonly ConformanceCase[] = [
  {
    id: 'certificate-compression/server',
    title: 'RFC 8879 §4 a server’s certificate is compressed by an algorithm of both, and arrives whole',
    applies,
    run: async (roles) => {
      for (const wire of [undefined, byteByByte]) {
        const calls: string[] = [];
        const peers = new Peers(roles, {
          certificate: 'underIntermediate',
          client: { ...client, certificateCompressors: [zlib(calls)] },
          server: { certificateCompressors: [zlib(calls)] },
        });
        const pair = await peers.open({}, wire);
        expect(calls).toEqual(['compress 1', 'decompress 1']);
        expect(pair.clientSink.info?.peer?.chain).toHaveLength(2);
      }
    },
  },
  {
    id: 'certificate-compression/later',
    title: 'compressing and decompressing may take their time',
    applies: (roles) => applies(roles) && bothHave('asyncHooks')(roles),
    run: async (roles) => {
      const compressor: CertificateCompressor = {
        algorithm: 1,
        compress: (certificate) => Promise.resolve(deflateStored(certificate)),
        decompress: (compressed) => Promise.resolve(inflateStored(compressed)),
      };
      const certificateCompressors = [compressor];
      for (const wire of [undefined, byteByByte]) {
        const peers = new Peers(roles, {
          client: { ...client, certificateCompressors },
          server: { certificateCompressors },
        });
        const pair = await peers.open({ clientSends: text('sent early') }, wire);
        await pair.pumpUntil(() => pair.serverSink.text === 'sent early', wire);
      }
    },
  },
  {
    id: 'certificate-compression/client',
    title: 'RFC 8879 §4 a client’s certificate is compressed too',
    applies: (roles) => applies(roles) && bothHave('clientAuthentication')(roles),
    run: async (roles) => {
      const calls: string[] = [];
      const { algorithm, compress, decompress } = zlib(calls);
      const pair = await new Peers(roles, {
        client: { ...client, identity: identityOf('wrongPurpose'), certificateCompressors: [{ algorithm, compress }] },
        server: {
          certificateCompressors: [{ algorithm, decompress }],
          clientAuthentication: 'require',
          clientTrust: rootPem,
        },
      }).open();
      expect(calls).toEqual(['compress 1', 'decompress 1']);
      expect(pair.serverSink.info?.peer?.chain).toHaveLength(1);
    },
  },
  {
    id: 'certificate-compression/one-sided',
    title: 'RFC 8879 §3 without an algorithm in common, or one that works this way, certificates come as they are',
    applies,
    run: async (roles) => {
      const calls: string[] = [];
      const { algorithm, compress, decompress } = zlib(calls);
      for (const [ofClient, ofServer] of [
        [[zlib(calls)], []],
        [[], [zlib(calls)]],
        [[zlib(calls, 1)], [zlib(calls, 2)]],
        [[{ algorithm, compress }], [zlib(calls)]],
        [[zlib(calls)], [{ algorithm, decompress }]],
      ]) {
        await new Peers(roles, {
          client: { ...client, certificateCompressors: ofClient ?? [] },
          server: { certificateCompressors: ofServer ?? [] },
        }).open();
      }
      expect(calls).toEqual([]);
    },
  },
  {
    id: 'certificate-compression/choice',
    title: 'of several algorithms one that both have is used',
    applies,
    run: async (roles) => {
      const calls: string[] = [];
      await new Peers(roles, {
        client: { ...client, certificateCompressors: [zlib(calls, 1), zlib(calls, 3)] },
        server: { certificateCompressors: [zlib(calls, 2), zlib(calls, 3)] },
      }).open();
      expect(calls).toEqual(['compress 3', 'decompress 3']);
    },
  },
  ...(
    [
      ['shorter than was said', (certificate: Uint8Array) => certificate.subarray(0, -1)],
      ['longer than was said', (certificate: Uint8Array) => Uint8Array.of(...certificate, 0)],
      ['no certificate', (certificate: Uint8Array) => new Uint8Array(certificate.length).fill(0xff)],
    ] as const
  ).map(([what, change], index): ConformanceCase => ({
    id: `certificate-compression/bad-${index}`,
    title: `RFC 8879 §4 a compressed certificate that turns out ${what} aborts the handshake`,
    applies,
    run: async (roles) => {
      const decompress = (compressed: Uint8Array): Uint8Array => change(inflateStored(compressed));
      const pair = await new Peers(roles, {
        client: { ...client, certificateCompressors: [{ algorithm: 1, decompress }] },
        server: { certificateCompressors: [zlib([])] },
      }).run();
      expect(pair.clientSink.info).toBeUndefined();
      expect(pair.clientSink.failure).toMatchObject({ direction: 'sent' });
      expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: pair.clientSink.failure?.alert });
    },
  })),
  {
    id: 'certificate-compression/cannot-be-read',
    title: 'RFC 8879 §4 what cannot be decompressed aborts with bad_certificate',
    applies,
    run: async (roles) => {
      const compress = (): Uint8Array => Uint8Array.of(1, 2, 3);
      const pair = await new Peers(roles, {
        client: { ...client, certificateCompressors: [zlib([])] },
        server: { certificateCompressors: [{ algorithm: 1, compress }] },
      }).run();
      expect(pair.clientSink.failure).toMatchObject({ alert: 42, direction: 'sent' });
      expect(pair.clientSink.info).toBeUndefined();
    },
  },
];
