import { brotliCompressSync, constants, deflateSync } from 'node:zlib';
import { AlertDescription, type CertificateCompressor, type ClientHelloInfo, type Identity } from '@org/tls-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { clientContext, createBackend, serverContext } from '../../src/backend.ts';
import { brotliCompressor, nodeCompressors, zlibCompressor } from '../../src/compression/node.ts';
import type { HandshakeOverrides } from '../../src/handshake/settings.ts';
import { HandshakeType } from '../../src/wire/handshake-message.ts';
import { nodeCrypto } from '@org/tls-crypto/node';
import { enginePair, RecordingSink, type EnginePair } from '../support/engine-pair.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

function connect(
  client: CertificateCompressor,
  server: CertificateCompressor,
  serverOverrides: HandshakeOverrides = {},
): EnginePair {
  const engines = enginePair({
    client: { ...pair.client, certificateCompressors: [client] },
    server: { ...pair.server, certificateCompressors: [server] },
    serverOverrides,
  });
  engines.server.start();
  engines.client.start();
  engines.pump();
  return engines;
}

const refused = { code: 'ERR_TLS_CERTIFICATE_BAD', alert: AlertDescription.badCertificate };

/** Counts the server's messages of the type. */
function counting(): { readonly overrides: HandshakeOverrides; count(): number } {
  let count = 0;
  const shapeMessage = (message: Uint8Array) => {
    if (message[0] === HandshakeType.compressedCertificate) count += 1;
    return [message];
  };
  return { overrides: { shapeMessage }, count: () => count };
}

describe.each(nodeCompressors.map((compressor) => ({ algorithm: compressor.algorithm, compressor })))(
  'RFC 8879 certificates compressed with algorithm $algorithm by node:zlib',
  ({ compressor }) => {
    const compressed = (certificate: Uint8Array): Uint8Array => compressor.compress?.(certificate) as Uint8Array;

    it('are sent and read', () => {
      const sent = counting();
      const engines = connect(compressor, compressor, sent.overrides);
      expect(engines.clientSink.info?.peer?.chain).toHaveLength(1);
      expect(sent.count()).toBe(1);
    });

    it('§5 that would be 16 MiB stop at the length that was announced', () => {
      const bomb = compressed(new Uint8Array(2 ** 24));
      expect(bomb.length).toBeLessThan(2 ** 17);
      const before = process.memoryUsage().arrayBuffers;
      const engines = connect(compressor, { ...compressor, compress: () => bomb });
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 22);
      expect(engines.clientSink.failure).toMatchObject(refused);
    });

    it('§4 cut short abort with bad_certificate', () => {
      const cut = (certificate: Uint8Array): Uint8Array => compressed(certificate).subarray(0, -8);
      expect(connect(compressor, { ...compressor, compress: cut }).clientSink.failure).toMatchObject(refused);
    });
  },
);

describe('RFC 8879 a compressed certificate', () => {
  it('§4 of another length than announced aborts with bad_certificate', () => {
    const longer = (certificate: Uint8Array): Uint8Array =>
      deflateSync(Buffer.concat([certificate, new Uint8Array(1)]));
    const shorter = (certificate: Uint8Array): Uint8Array => deflateSync(certificate.subarray(1));
    for (const compress of [longer, shorter])
      expect(connect(zlibCompressor, { ...zlibCompressor, compress }).clientSink.failure).toMatchObject(refused);
  });
});

describe('Certificates', () => {
  it('are compressed once for each identity and each form that clients ask for, in whatever order they come', async () => {
    let count = 0;
    const counted: CertificateCompressor = {
      ...zlibCompressor,
      compress: (certificate) => {
        count += 1;
        return deflateSync(certificate);
      },
    };
    const other = await testPair();
    const ocspResponse = Uint8Array.of(0x30, 0);
    const identities = [pair, other].map(({ server }): Identity => {
      const identity = [server.identity].flat()[0];
      if (identity?.certificateChain === undefined) throw new Error('expected a certificate');
      return { ...identity, ocspResponse };
    });
    const server = {
      certificateCompressors: [counted],
      selectIdentity: ({ serverName }: ClientHelloInfo) => identities[serverName === 'a.test' ? 0 : 1],
    };
    const context = serverContext(createBackend(), nodeCrypto, server);
    for (let turn = 0; turn < 3; turn += 1)
      for (const serverName of ['a.test', 'b.test'])
        for (const ocspStapling of [true, false]) {
          const client = {
            dangerous: { acceptAnyCertificate: true },
            certificateCompressors: [zlibCompressor],
            ocspStapling,
          };
          const sinks = { client: new RecordingSink(), server: new RecordingSink() };
          const clientEngine = clientContext(createBackend(), nodeCrypto, client).createEngine(
            { serverName },
            sinks.client,
          );
          const serverEngine = context.createEngine(sinks.server);
          serverEngine.start();
          clientEngine.start();
          for (const batch of sinks.client.outgoing.splice(0)) serverEngine.receive(batch);
          for (const batch of sinks.server.outgoing.splice(0)) clientEngine.receive(batch);
          expect(sinks.client.info).toBeDefined();
        }
    expect(count).toBe(4);
  });

  it('of 64 KiB are read from brotli with any window', () => {
    const certificate = Uint8Array.from({ length: 2 ** 16 }, (_, index) => (index % 8191) * 31 + (index >> 13));
    const { BROTLI_PARAM_LGWIN } = constants;
    for (let bits = 10; bits <= 24; bits += 1) {
      const compressed = brotliCompressSync(certificate, { params: { [BROTLI_PARAM_LGWIN]: bits } });
      expect(
        Buffer.compare(brotliCompressor.decompress?.(compressed, certificate.length) as Uint8Array, certificate),
      ).toBe(0);
    }
  });
});
