import { createRoot, respondOcsp, toPem, type CrlOptions, type OcspOptions, type TestCertificate } from '@org/pki';
import type { PeerVerification } from '@org/tls-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  checkCertificateStatus,
  statusFetcher,
  type CertificateStatusOptions,
  type StatusRequest,
} from '../src/status/index.ts';
import { leafOf, responderOf, serial, stopResponders } from './support/certificate-with-status.ts';

const url = 'http://responder.test/';
const hour = 3_600_000;
let root: TestCertificate;
let intermediate: TestCertificate;
let leaf: TestCertificate;

beforeAll(async () => {
  root = await createRoot({ commonName: 'root' });
  intermediate = await root.issue({ isCa: true, commonName: 'issuer', serialNumber: serial(100).bytes });
  leaf = await leafOf(intermediate, url, serial(1));
});
afterAll(stopResponders);

/** The verified path of a leaf of the intermediate, as `verifyPeer` is shown it. */
function peerOf(certificate: TestCertificate, more: Partial<PeerVerification> = {}): PeerVerification {
  return {
    role: 'client',
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

type Answers = Readonly<Record<string, Uint8Array | (() => Uint8Array | Promise<Uint8Array>)>>;

/** Gives what the hook says of a peer. A place that has no answer fails. */
function checkerOf(answers: Answers, options: Partial<CertificateStatusOptions> = {}) {
  const asked: StatusRequest[] = [];
  const verifyPeer = checkCertificateStatus({
    depth: 'leaf',
    fetch: (request) => {
      asked.push(request);
      const place = Object.keys(answers).find((each) => request.url.startsWith(each));
      const answer = place === undefined ? undefined : answers[place];
      if (answer === undefined) throw new Error('nobody is there');
      return typeof answer === 'function' ? answer() : answer;
    },
    ...options,
  });
  const verdict = async (peer: PeerVerification): Promise<string> => {
    try {
      await verifyPeer(peer);
      return 'accepted';
    } catch (error) {
      return (error as { readonly code: string }).code;
    }
  };
  return { asked, verdict };
}

function respond(options: Partial<OcspOptions> = {}, certificate = leaf): Uint8Array {
  return new Uint8Array(respondOcsp(certificate, { issuer: intermediate, ...options }));
}

const revoked = 'ERR_TLS_CERTIFICATE_REVOKED';
const unknown = 'ERR_TLS_CERTIFICATE_STATUS';

describe('checkCertificateStatus', () => {
  test('refuses what is no option, and values out of range', () => {
    const fetch = (): Uint8Array => new Uint8Array(0);
    for (const wrong of [
      { fetch: url },
      { fetch, url },
      { fetch, depth: 1 },
      { fetch, sources: 'ocsp' },
      { fetch, sources: [] },
    ])
      expect(() => checkCertificateStatus(wrong as never)).toThrow(TypeError);
    for (const wrong of [{ depth: 'root' }, { unknownStatus: 'warn' }, { sources: ['crlite'] }, { timeout: 5 }])
      expect(() => checkCertificateStatus({ fetch, ...wrong } as never)).toThrow(
        expect.objectContaining({ code: 'ERR_TLS_CONFIG' }),
      );
  });

  test('accepts a certificate that the responder knows to be good, and refuses one that is revoked', async () => {
    const statuses = { [serial(2).hex]: 'V', [serial(3).hex]: 'R' } as const;
    const responder = await responderOf({ issuer: intermediate, statuses });
    const { verdict } = checkerOf({}, { fetch: statusFetcher(fetch) });
    expect(await verdict(peerOf(await leafOf(intermediate, responder, serial(2))))).toBe('accepted');
    for (const unknownStatus of ['accept', 'reject'] as const) {
      const soft = checkerOf({}, { fetch: statusFetcher(fetch), unknownStatus });
      expect(await soft.verdict(peerOf(await leafOf(intermediate, responder, serial(3))))).toBe(revoked);
    }
  });

  test('asks nobody where a good response is stapled, and believes one that says revoked', async () => {
    const { asked, verdict } = checkerOf({});
    expect(await verdict(peerOf(leaf, { ocspResponse: respond() }))).toBe('accepted');
    expect(await verdict(peerOf(leaf, { ocspResponse: respond({ status: 'R' }) }))).toBe(revoked);
    expect(asked).toEqual([]);
  });

  test('asks where what is stapled proves nothing', async () => {
    const { asked, verdict } = checkerOf({ [url]: respond({ status: 'R' }) });
    const stapled = respond({}, await leafOf(intermediate, url, serial(7)));
    expect(await verdict(peerOf(leaf, { ocspResponse: stapled }))).toBe(revoked);
    expect(asked).toHaveLength(1);
  });

  test('keeps an answer while it is valid, and asks once for all handshakes', async () => {
    let now = Date.now();
    const response = respond();
    const { asked, verdict } = checkerOf({ [url]: response }, { clock: () => now });
    const verdicts = await Promise.all(Array.from({ length: 20 }, async () => verdict(peerOf(leaf))));
    expect(new Set(verdicts)).toEqual(new Set(['accepted']));
    expect(asked).toHaveLength(1);
    now += 25 * hour;
    expect(await verdict(peerOf(leaf))).toBe(unknown);
    expect(asked).toHaveLength(2);
    expect(await verdict(peerOf(leaf))).toBe(unknown);
    expect(asked).toHaveLength(2);
  });

  test('asks about a raw public key and a self-signed certificate that is trusted itself not at all', async () => {
    const { asked, verdict } = checkerOf({});
    const self = await createRoot({ isCa: false, names: ['localhost'] });
    expect(await verdict(peerOf(self, { verifiedPath: [self.certificateDer] }))).toBe('accepted');
    expect(await verdict(peerOf(leaf, { chain: [], verifiedPath: [], rawPublicKey: new Uint8Array(9) }))).toBe(
      'accepted',
    );
    expect(asked).toEqual([]);
  });

  test('asks the second responder when the first fails, and no third', async () => {
    const names = ['http://a.test/', 'http://b.test/', 'http://c.test/'];
    const descriptions = await Promise.all(names.map(async (name) => leafOf(intermediate, name, serial(1))));
    expect(descriptions).toHaveLength(3);
    const three = await intermediate.issue({ serialNumber: serial(1).bytes, extensions: [responders(names)] });
    const second = checkerOf({ 'http://b.test/': respond({}, three) });
    expect(await second.verdict(peerOf(three))).toBe('accepted');
    const third = checkerOf({ 'http://c.test/': respond({}, three) });
    expect(await third.verdict(peerOf(three))).toBe(unknown);
    expect(third.asked.map(({ url: each }) => new URL(each).hostname)).toEqual(['a.test', 'b.test']);
  });
});

function responders(urls: readonly string[]) {
  const element = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
    const contents = Buffer.concat(parts);
    return Buffer.concat([Buffer.from([tag, contents.length]), contents]);
  };
  const method = Buffer.from('06082b06010505073001', 'hex');
  const value = element(0x30, ...urls.map((each) => element(0x30, method, element(0x86, Buffer.from(each)))));
  return { oid: '1.3.6.1.5.5.7.1.1', value };
}

describe('What is not known is refused, or accepted where that is wanted,', () => {
  test.each<[string, () => Promise<[Answers, PeerVerification]>]>([
    ['when nobody answers', async () => Promise.resolve([{}, peerOf(leaf)])],
    ['when the certificate names nobody', async () => [{}, peerOf(await intermediate.issue({ names: ['localhost'] }))]],
    [
      'when it names what is no HTTP',
      async () => [{ 'file:': respond() }, peerOf(await leafOf(intermediate, 'file:///etc/passwd', serial(1)))],
    ],
    [
      'when the URL has credentials',
      async () => [{ http: respond() }, peerOf(await leafOf(intermediate, 'http://a:b@responder.test/', serial(1)))],
    ],
    [
      'when the response is another certificate’s',
      async () => [{ [url]: respond({}, await leafOf(intermediate, url, serial(8))) }, peerOf(leaf)],
    ],
    [
      'when a stranger has signed it',
      async () => [{ [url]: respond({ signer: await createRoot({ commonName: 'issuer' }) }) }, peerOf(leaf)],
    ],
    ['when the answer is huge', async () => Promise.resolve([{ [url]: new Uint8Array(2 ** 20) }, peerOf(leaf)])],
    [
      'when the answer never comes',
      async () => Promise.resolve([{ [url]: async () => new Promise(() => undefined) }, peerOf(leaf)]),
    ],
    [
      'when no path was verified',
      async () => Promise.resolve([{ [url]: respond() }, peerOf(leaf, { verifiedPath: [] })]),
    ],
    [
      'when the issuer is an anchor without a certificate',
      async () => Promise.resolve([{ [url]: respond() }, peerOf(leaf, { verifiedPath: [leaf.certificateDer] })]),
    ],
    [
      'when a certificate of the path cannot be read',
      async () =>
        Promise.resolve([
          { [url]: respond() },
          peerOf(leaf, { verifiedPath: [new Uint8Array(3), root.certificateDer] }),
        ]),
    ],
  ])('%s', async (_, given) => {
    const [answers, peer] = await given();
    expect(await checkerOf(answers, { timeout: 100 }).verdict(peer)).toBe(unknown);
    expect(await checkerOf(answers, { timeout: 100, unknownStatus: 'accept' }).verdict(peer)).toBe('accepted');
  });

  test('when the clock is out of order it is refused in any case, since that is a fault of the program', async () => {
    for (const clock of [
      () => Number.NaN,
      () => {
        throw new Error('broken');
      },
    ])
      expect(await checkerOf({ [url]: respond() }, { clock, unknownStatus: 'accept' }).verdict(peerOf(leaf))).toBe(
        'ERR_TLS_HOOK',
      );
  });
});

describe('Revocation lists of the places that certificates name', () => {
  const place = 'http://lists.test/ca.crl';
  /** cRLDistributionPoints with one URI (RFC 5280 §4.2.1.13). */
  const points = (name: string) => {
    const uri = Buffer.concat([Buffer.from([0x86, name.length]), Buffer.from(name)]);
    const wrap = (tag: number, inner: Uint8Array): Buffer => Buffer.concat([Buffer.from([tag, inner.length]), inner]);
    return { oid: '2.5.29.31', value: wrap(0x30, wrap(0x30, wrap(0xa0, wrap(0xa0, uri)))) };
  };
  const listed = async (issuer = intermediate, name = place): Promise<TestCertificate> =>
    issuer.issue({ names: ['localhost'], serialNumber: serial(50).bytes, extensions: [points(name)] });
  const list = async (isRevoked: boolean, more: CrlOptions = {}, issuer = intermediate): Promise<Uint8Array> =>
    issuer.issueCrl({ serialNumbers: isRevoked ? [serial(50).bytes] : [], ...more });

  test('are fetched, kept, and looked into', async () => {
    const peer = peerOf(await listed());
    const good = checkerOf({ [place]: await list(false) });
    for (let round = 0; round < 3; round += 1) expect(await good.verdict(peer)).toBe('accepted');
    expect(good.asked).toMatchObject([{ url: place, method: 'GET', headers: { accept: 'application/pkix-crl' } }]);
    expect(await checkerOf({ [place]: await list(true) }).verdict(peer)).toBe(revoked);
  });

  test('are asked for when no responder answers, or first, or not at all', async () => {
    const both = await intermediate.issue({
      serialNumber: serial(50).bytes,
      extensions: [points(place), responders([url])],
    });
    const answers = { [place]: await list(true), [url]: respond({}, both) };
    expect(await checkerOf(answers).verdict(peerOf(both))).toBe('accepted');
    expect(await checkerOf({ [place]: await list(true) }).verdict(peerOf(both))).toBe(revoked);
    expect(await checkerOf(answers, { sources: ['crl', 'ocsp'] }).verdict(peerOf(both))).toBe(revoked);
    expect(await checkerOf({ [place]: await list(false) }, { sources: ['ocsp'] }).verdict(peerOf(both))).toBe(unknown);
  });

  test('look up the whole chain where that is wanted', async () => {
    const inner = await root.issue({
      isCa: true,
      serialNumber: serial(51).bytes,
      extensions: [points('http://lists.test/root.crl')],
    });
    const peer = peerOf(await listed(inner));
    const answers = { [place]: await list(false, {}, inner) };
    const revokesInner = { 'http://lists.test/root.crl': await root.issueCrl({ serialNumbers: [serial(51).bytes] }) };
    const good = { 'http://lists.test/root.crl': await root.issueCrl() };
    expect(await checkerOf({ ...answers, ...revokesInner }).verdict(peer)).toBe('accepted');
    expect(await checkerOf({ ...answers, ...revokesInner }, { depth: 'chain' }).verdict(peer)).toBe(revoked);
    expect(await checkerOf({ ...answers, ...good }, { depth: 'chain' }).verdict(peer)).toBe('accepted');
    expect(await checkerOf(answers, { depth: 'chain' }).verdict(peer)).toBe(unknown);
  });

  test('that a certificate names in bad DER do not hide that another certificate of the chain is revoked', async () => {
    const inner = await root.issue({
      isCa: true,
      serialNumber: serial(51).bytes,
      extensions: [points('http://lists.test/root.crl')],
    });
    // A GeneralName of tag 9, which there is not.
    const bad = { oid: '2.5.29.31', value: Uint8Array.of(0x30, 8, 0x30, 6, 0xa0, 4, 0xa0, 2, 0x89, 0) };
    const peer = peerOf(await inner.issue({ names: ['localhost'], extensions: [bad] }));
    const answers = { 'http://lists.test/root.crl': await root.issueCrl({ serialNumbers: [serial(51).bytes] }) };
    const options = { depth: 'chain', unknownStatus: 'accept' } as const;
    expect(await checkerOf(answers, options).verdict(peer)).toBe(revoked);
  });

  test.each<[string, () => Promise<Uint8Array>]>([
    ['another CA’s, even of the path', async () => root.issueCrl()],
    ['a stranger’s of the same name', async () => (await createRoot({ commonName: 'issuer' })).issueCrl()],
    ['one with a damaged signature', async () => list(false, { corruptSignature: true })],
    ['one that is over', async () => list(false, { nextUpdate: new Date(Date.now() - 1000) })],
    ['one from the future', async () => list(false, { thisUpdate: new Date(Date.now() + hour) })],
    [
      'one about CAs only',
      async () =>
        list(false, {
          extensions: [{ oid: '2.5.29.28', critical: true, value: Uint8Array.of(0x30, 3, 0x82, 1, 0xff) }],
        }),
    ],
    [
      'a delta list',
      async () => list(false, { extensions: [{ oid: '2.5.29.27', critical: true, value: Uint8Array.of(2, 1, 1) }] }),
    ],
    ['PEM', async () => Buffer.from(toPem('X509 CRL', await list(false)))],
    ['a web page', async () => Promise.resolve(Buffer.from('<html>'))],
    ['more than 16 MiB', async () => Promise.resolve(new Uint8Array(2 ** 24 + 1))],
  ])('say nothing where %s comes, and that takes no place', async (_, bad) => {
    let now = Date.now();
    const answers: (Uint8Array | Promise<Uint8Array>)[] = [bad(), list(true)];
    const peer = peerOf(await listed());
    const { verdict } = checkerOf({ [place]: async () => answers.shift() ?? new Uint8Array(0) }, { clock: () => now });
    expect(await verdict(peer)).toBe(unknown);
    now += 10_000;
    expect(await verdict(peer)).toBe(revoked);
  });

  test('of one issuer do not stand for those of another at the same place', async () => {
    const other = await root.issue({ isCa: true, commonName: 'other' });
    const ofOther = await list(true, {}, other);
    const answers = [await list(false), ofOther];
    const { asked, verdict } = checkerOf({ [place]: () => answers.shift() ?? new Uint8Array(0) });
    expect(await verdict(peerOf(await listed()))).toBe('accepted');
    expect(await verdict(peerOf(await listed(other)))).toBe(revoked);
    expect(asked).toHaveLength(2);
  });
});
