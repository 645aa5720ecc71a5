import { createHash } from 'node:crypto';
import { createLog, createRoot, timestampList, type TestCertificate, type TestLog } from '@org/pki';
import { isTlsError, type PeerVerification, type TlsError } from '@org/tls-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { nodeCrypto } from '@org/tls-crypto/node';
import {
  readCertificateTimestamps,
  requireCertificateTransparency,
  type CertificateTransparencyPolicy,
} from '../src/index.ts';
import { countingCrypto } from './support/counting-crypto.ts';
import { ocspResponseWith } from './support/ocsp-timestamps.ts';
import { thrown } from '@org/pki';

const dayMs = 86_400_000;
let root: TestCertificate;
let issuer: TestCertificate;
let one: TestLog;
let two: TestLog;
let three: TestLog;
let logged: TestCertificate;
let bare: TestCertificate;

beforeAll(async () => {
  root = await createRoot();
  issuer = await root.issue({ isCa: true });
  [one, two, three] = await Promise.all([createLog(), createLog(), createLog()]);
  logged = await issuer.issue({ names: ['localhost'], logs: [one, two] });
  bare = await issuer.issue({ names: ['localhost'] });
});

function verificationOf(certificate: TestCertificate, more: Partial<PeerVerification> = {}): PeerVerification {
  return {
    role: 'server',
    serverName: 'localhost',
    chain: certificate.chainDer,
    verifiedPath: [...certificate.chainDer, root.certificateDer],
    rawPublicKey: undefined,
    ocspResponse: undefined,
    signedCertificateTimestamps: undefined,
    resumed: false,
    ...more,
  };
}

/** What becomes of a peer: `undefined` is accepted. */
async function judge(
  verification: PeerVerification,
  policy: Partial<CertificateTransparencyPolicy> = {},
): Promise<TlsError | undefined> {
  const logs = [
    { publicKey: one.publicKeyDer, operator: 'A' },
    { publicKey: Buffer.from(two.publicKeyDer).toString('base64'), operator: 'B' },
    { publicKey: three.publicKeyDer, operator: 'B' },
  ];
  const verifyPeer = requireCertificateTransparency({ logs, ...policy });
  try {
    await verifyPeer(verification);
    return undefined;
  } catch (error) {
    if (isTlsError(error)) return error;
    throw error;
  }
}

describe.each([
  ['node', nodeCrypto],
  ['noble', nobleCrypto],
])('certificate timestamps (RFC 6962), with %s', (_name, crypto) => {
  test('§3.3 in the certificate are accepted', async () => {
    expect(await judge(verificationOf(logged), { crypto })).toBeUndefined();
    const read = readCertificateTimestamps(verificationOf(logged), crypto);
    expect(read.map(({ source }) => source)).toEqual(['certificate', 'certificate']);
    expect(Buffer.from(read[0]?.logId ?? [])).toEqual(createHash('sha256').update(one.publicKeyDer).digest());
    expect(Math.abs(Date.now() - dayMs / 24 - (read[0]?.timestamp ?? 0))).toBeLessThan(dayMs / 24);
  });

  test('§3.3 in the TLS extension are accepted', async () => {
    const entry = { certificateDer: bare.certificateDer };
    const list = timestampList([await one.timestamp(entry), await two.timestamp(entry)]);
    const verification = verificationOf(bare, { signedCertificateTimestamps: list });
    expect(await judge(verification, { crypto })).toBeUndefined();
  });

  test('§3.3 in the OCSP response are accepted', async () => {
    const entry = { certificateDer: bare.certificateDer };
    const list = timestampList([await one.timestamp(entry), await two.timestamp(entry)]);
    const verification = verificationOf(bare, { ocspResponse: ocspResponseWith(bare, list) });
    expect(readCertificateTimestamps(verification, crypto).map(({ source }) => source)).toEqual([
      'ocspResponse',
      'ocspResponse',
    ]);
    expect(await judge(verification, { crypto })).toBeUndefined();
  });

  test('of all places count together', async () => {
    const half = await issuer.issue({ names: ['localhost'], logs: [one] });
    const list = timestampList([await two.timestamp({ certificateDer: half.certificateDer })]);
    expect((await judge(verificationOf(half), { crypto }))?.code).toBe('ERR_TLS_CERTIFICATE_REJECTED');
    const verification = verificationOf(half, { signedCertificateTimestamps: list });
    expect(await judge(verification, { crypto })).toBeUndefined();
  });
});

describe('a certificate that is not in enough logs', () => {
  test.each<[string, () => Promise<Partial<PeerVerification>> | Partial<PeerVerification>, string]>([
    ['without timestamps', () => ({}), 'got 0 and 0'],
    ['twice in the same log', async () => extension([await stamp(one), await stamp(one)]), 'got 1 and 1'],
    ['in two logs of one operator', async () => extension([await stamp(two), await stamp(three)]), 'got 2 and 1'],
    [
      'in a log that is not known',
      async () => extension([await stamp(one), await stamp(await createLog())]),
      'not known',
    ],
    ['with a wrong signature', async () => extension([await stamp(one), flipped(await stamp(two))]), 'wrong signature'],
    [
      'with a timestamp of another certificate',
      async () => extension([await stamp(one), await two.timestamp({ certificateDer: logged.certificateDer })]),
      'wrong signature',
    ],
    [
      '§5.2 with a timestamp in the future',
      async () => extension([await stamp(one), await stamp(two, new Date(Date.now() + dayMs))]),
      'in the future',
    ],
    [
      '§3.3 with timestamps of a later version only',
      async () => extension([later(await stamp(one)), later(await stamp(two))]),
      'got 0 and 0',
    ],
    [
      '§2.1.4 with another hash than SHA-256',
      async () => extension([await stamp(one), withHash(await stamp(two), 5)]),
      'wrong signature',
    ],
  ])('%s is refused', async (_name, more, message) => {
    const error = await judge(verificationOf(bare, await more()));
    expect(error?.code).toBe('ERR_TLS_CERTIFICATE_REJECTED');
    expect(error?.message).toContain(message);
  });

  test('of more than 180 days needs three', async () => {
    const notAfter = new Date(Date.now() + 200 * dayMs);
    const long = await issuer.issue({ names: ['localhost'], notAfter, logs: [one, two] });
    expect((await judge(verificationOf(long)))?.message).toContain('expected timestamps of 3 logs');
    const longer = await issuer.issue({ names: ['localhost'], notAfter, logs: [one, two, three] });
    expect(await judge(verificationOf(longer))).toBeUndefined();
    expect(await judge(verificationOf(long), { minimumTimestamps: 2 })).toBeUndefined();
  });

  test('whose log was retired before is refused, and not if it was after', async () => {
    const logs = (retiredAt: number): CertificateTransparencyPolicy['logs'] => [
      { publicKey: one.publicKeyDer, operator: 'A' },
      { publicKey: two.publicKeyDer, operator: 'B', retiredAt },
    ];
    const error = await judge(verificationOf(logged), { logs: logs(Date.now() - dayMs) });
    expect(error?.message).toContain('after the log was retired');
    expect(await judge(verificationOf(logged), { logs: logs(Date.now()) })).toBeUndefined();
  });

  test('is refused under a clock that gives no time: what comes of the future would count', async () => {
    for (const now of [() => Number.NaN, () => '2026-01-01', () => Promise.resolve(Date.now())])
      expect(await judge(verificationOf(logged), { now: now as () => number })).toMatchObject({ code: 'ERR_TLS_HOOK' });
  });

  test('whose issuer has another key is refused', async () => {
    const other = await createRoot();
    const error = await judge(verificationOf(logged, { chain: [logged.certificateDer], verifiedPath: [] }));
    expect(error?.message).toContain('not in the chain');
    const renamed = await other.issue({ isCa: true, commonName: 'other' });
    const path = [logged.certificateDer, renamed.certificateDer];
    expect((await judge(verificationOf(logged, { chain: path, verifiedPath: path })))?.message).toContain('not in');
  });

  test('with a list that is malformed is refused', async () => {
    const signedCertificateTimestamps = Uint8Array.of(0, 4, 0, 9, 1, 2);
    expect((await judge(verificationOf(bare, { signedCertificateTimestamps })))?.code).toBe('ERR_TLS_DECODE');
    const cut = extension([(await stamp(one)).subarray(0, 40)]);
    expect((await judge(verificationOf(bare, cut)))?.code).toBe('ERR_TLS_DECODE');
    const value = Uint8Array.of(4, 3, 0, 9, 1);
    const broken = await issuer.issue({ extensions: [{ oid: '1.3.6.1.4.1.11129.2.4.2', value }] });
    expect((await judge(verificationOf(broken)))?.code).toBe('ERR_TLS_DECODE');
  });

  test('that come by the thousand cost eight signatures at most, and one for each log that vouches', async () => {
    const { crypto: counting, count } = countingCrypto((isValid) => isValid);
    const good = await one.timestamp({ certificateDer: bare.certificateDer });
    const wrong = Uint8Array.from(good);
    wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 1;
    const listOf = (each: Uint8Array): Uint8Array => timestampList(Array.from({ length: 500 }, () => each));
    const refused = await judge(verificationOf(bare, { signedCertificateTimestamps: listOf(wrong) }), {
      crypto: counting,
    });
    expect(refused).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_REJECTED' });
    expect(refused?.message.length).toBeLessThan(2000);
    expect(count()).toBe(8);
    const once = { minimumTimestamps: 1, minimumOperators: 1, crypto: counting };
    const accepted = verificationOf(bare, { signedCertificateTimestamps: listOf(good) });
    expect(await judge(accepted, once)).toBeUndefined();
    expect(count()).toBe(9);
  });

  test('with a raw public key has none', () => {
    const verification = verificationOf(bare, { chain: [], verifiedPath: [], rawPublicKey: Uint8Array.of(1) });
    expect(readCertificateTimestamps(verification, nodeCrypto)).toEqual([]);
  });

  test.each<[string, () => Partial<CertificateTransparencyPolicy>]>([
    ['no log', () => ({ logs: [] })],
    ['a key that is none', () => ({ logs: [{ publicKey: 'AQID', operator: 'A' }] })],
    ['a key that is no Base64', () => ({ logs: [{ publicKey: '*', operator: 'A' }] })],
    ['no timestamps at all', () => ({ minimumTimestamps: 0 })],
    ['half an operator', () => ({ minimumOperators: 0.5 })],
  ])('a policy with %s is a mistake', (_name, policy) => {
    const logs = [{ publicKey: one.publicKeyDer, operator: 'A' }];
    expect(thrown(() => requireCertificateTransparency({ logs, ...policy() })).code).toBe('ERR_TLS_CONFIG');
  });
});

function extension(timestamps: readonly Uint8Array[]): Partial<PeerVerification> {
  return { signedCertificateTimestamps: timestampList(timestamps) };
}

function stamp(log: TestLog, time?: Date): Promise<Uint8Array> {
  return log.timestamp({ certificateDer: bare.certificateDer }, time);
}

function flipped(timestamp: Uint8Array): Uint8Array {
  return withByte(timestamp, timestamp.length - 1, (timestamp.at(-1) ?? 0) ^ 1);
}

function later(timestamp: Uint8Array): Uint8Array {
  return withByte(timestamp, 0, 1);
}

function withHash(timestamp: Uint8Array, hash: number): Uint8Array {
  return withByte(timestamp, 43, hash);
}

function withByte(bytes: Uint8Array, index: number, value: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[index] = value;
  return changed;
}
