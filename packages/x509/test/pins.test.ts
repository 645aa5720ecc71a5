import { createHash, X509Certificate } from 'node:crypto';
import { createRoot, thrown, type TestCertificate } from '@org/pki';
import type { Pin } from '@org/tls-core';
import { readPins } from '@org/tls-core/backend';
import { beforeAll, describe, expect, test } from 'vitest';
import { nodeCrypto } from '@org/tls-crypto/node';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { verifyChain } from '../src/verifier.ts';

let root: TestCertificate;
let intermediate: TestCertificate;
let leaf: TestCertificate;
let stranger: TestCertificate;

beforeAll(async () => {
  root = await createRoot();
  intermediate = await root.issue({ isCa: true });
  leaf = await intermediate.issue({ names: ['example.com'] });
  stranger = await createRoot({ isCa: false, names: ['example.com'] });
});

function verify(pins: readonly Pin[], certificate = leaf, anchor: TestCertificate = root): unknown {
  return verifyChain({
    chain: certificate === stranger ? [stranger.certificateDer] : certificate.chainDer,
    anchors: anchorsFrom(anchor.certificateDer),
    purpose: 'server',
    serverName: 'example.com',
    time: Date.now(),
    crypto: nodeCrypto,
    pins: readPins(pins),
  });
}

function fingerprint(certificate: TestCertificate): string {
  return new X509Certificate(certificate.certificateDer).fingerprint256;
}

function keyDigest(certificate: TestCertificate): Buffer {
  const spki = new X509Certificate(certificate.certificateDer).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest();
}

const accepted = { path: expect.any(Array) as unknown[] };
const refused = { code: 'ERR_TLS_CERTIFICATE_REJECTED' };
const nobody = new Uint8Array(32);

describe('a chain without a pinned certificate is refused,', () => {
  test('however well it is trusted', () => {
    expect(thrown(() => verify([{ certificateSha256: nobody }, { publicKeySha256: nobody }]))).toMatchObject(refused);
  });

  test('also by a pin of the other kind', () => {
    const digest = Buffer.from(fingerprint(leaf).replaceAll(':', ''), 'hex');
    expect(thrown(() => verify([{ publicKeySha256: digest }]))).toMatchObject(refused);
    expect(thrown(() => verify([{ certificateSha256: keyDigest(leaf) }]))).toMatchObject(refused);
  });

  test('and a leaf that is trusted itself', () => {
    expect(thrown(() => verify([{ certificateSha256: nobody }], stranger, stranger))).toMatchObject(refused);
    expect(verify([{ certificateSha256: fingerprint(stranger) }], stranger, stranger)).toMatchObject(accepted);
  });
});

describe('a pin is one of the path’s certificates or keys,', () => {
  test('the leaf’s, an intermediate’s or the anchor’s', () => {
    for (const certificate of [leaf, intermediate, root]) {
      expect(verify([{ certificateSha256: nobody }, { certificateSha256: fingerprint(certificate) }])).toMatchObject(
        accepted,
      );
      expect(verify([{ publicKeySha256: keyDigest(certificate) }])).toMatchObject(accepted);
    }
  });

  test('as bytes, hexadecimal with colons or without, or Base64', () => {
    const digest = keyDigest(leaf);
    for (const text of [digest.toString('hex'), digest.toString('hex').toUpperCase(), digest.toString('base64')])
      expect(verify([{ publicKeySha256: text }])).toMatchObject(accepted);
  });

  test('but does not make a chain trusted', () => {
    expect(thrown(() => verify([{ certificateSha256: fingerprint(stranger) }], stranger))).toMatchObject({
      code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER',
    });
  });
});

describe('what is no SHA-256', () => {
  test.each(['', 'ab', 'x'.repeat(64), 'A'.repeat(44), `${'ab'.repeat(31)}a`, new Uint8Array(31), new Uint8Array(20)])(
    'is an ERR_TLS_CONFIG: %s',
    (digest) => {
      expect(thrown(() => readPins([{ publicKeySha256: digest }]))).toMatchObject({ code: 'ERR_TLS_CONFIG' });
    },
  );
});
