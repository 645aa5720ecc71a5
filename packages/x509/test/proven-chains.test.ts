import type { PresentedChain, VerifiedChain } from '@org/tls-core';
import { copyBytes, isPromiseLike } from '@org/tls-core/backend';
import { nodeCrypto } from '@org/tls-crypto/node';
import { createRoot, respondOcsp, thrown, type TestCertificate } from '@org/pki';
import { beforeAll, describe, expect, test } from 'vitest';
import { judgeBy, type JudgeRules } from '../src/chain-judge.ts';
import { parseCertificate } from '../src/certificate.ts';
import { readRevocation } from '../src/revocation-rules.ts';
import { anchorsFrom } from '../src/trust-anchors.ts';
import type { TrustAnchors } from '../src/trust-anchor-set.ts';
import { countingCrypto } from './support/counting-crypto.ts';

const now = Date.now();
const minute = 60_000;

let root: TestCertificate;
let intermediate: TestCertificate;
let leaf: TestCertificate;
let other: TestCertificate;

beforeAll(async () => {
  root = await createRoot({ commonName: 'root' });
  intermediate = await root.issue({ isCa: true, notAfter: new Date(now + 90 * minute) });
  leaf = await intermediate.issue({ names: ['example.com', '*.example.com'], notAfter: new Date(now + 60 * minute) });
  other = await intermediate.issue({ names: ['example.com'] });
});

interface Judge {
  readonly judge: (given?: Partial<PresentedChain>) => VerifiedChain;
  /** Tells how often an issuer was looked for: a chain that is remembered is not looked at. */
  readonly looks: () => number;
}

/** A judge that trusts the root and counts what it does. */
function makeJudge(rules: Partial<JudgeRules> = {}): Judge {
  let looks = 0;
  const set = anchorsFrom(root.certificateDer);
  const anchors: TrustAnchors = {
    count: set.count,
    leftOut: [],
    findBySubject: (subject) => {
      looks += 1;
      return set.findBySubject(subject);
    },
  };
  const judge = judgeBy({ crypto: nodeCrypto, anchors, purpose: 'server', ...rules });
  return {
    judge: (given = {}) => {
      const verified = judge({
        chain: leaf.chainDer.map(copyBytes),
        serverName: 'example.com',
        staple: undefined,
        time: now,
        ...given,
      });
      if (isPromiseLike(verified)) throw new Error('expected a verdict at once');
      return verified;
    },
    looks: () => looks,
  };
}

/** Tells whether a chain is proven anew after it was proven once as it is. */
function isProvenAnew(given: Partial<PresentedChain>, rules: Partial<JudgeRules> = {}): boolean {
  const { judge, looks } = makeJudge(rules);
  judge();
  const before = looks();
  judge(given);
  return looks() > before;
}

const expired = { code: 'ERR_TLS_CERTIFICATE_EXPIRED' };
const revoked = { code: 'ERR_TLS_CERTIFICATE_REVOKED' };

describe('A chain that was proven', () => {
  test('is not proven again, and gives the same path', () => {
    const { judge, looks } = makeJudge();
    const first = judge();
    const before = looks();
    expect(judge()).toEqual(first);
    expect(first.path).toHaveLength(3);
    expect(looks()).toBe(before);
  });

  test('is proven anew for another name', () => {
    expect(isProvenAnew({})).toBe(false);
    expect(isProvenAnew({ serverName: 'www.example.com' })).toBe(true);
    expect(isProvenAnew({ serverName: undefined })).toBe(true);
    const { judge } = makeJudge();
    judge();
    expect(thrown(() => judge({ serverName: 'example.org' }))).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_NAME' });
    judge({ serverName: undefined });
    expect(thrown(() => judge({ serverName: '' }))).toMatchObject({ code: 'ERR_TLS_CONFIG' });
  });

  test('is proven anew when any byte of it is another, a certificate is added, or the order changes', () => {
    const [own, ca] = leaf.chainDer;
    if (own === undefined || ca === undefined) throw new Error('expected two certificates');
    expect(isProvenAnew({ chain: other.chainDer })).toBe(true);
    expect(isProvenAnew({ chain: [own, ca, other.certificateDer] })).toBe(true);
    const { judge } = makeJudge();
    judge();
    for (const chain of [leaf.chainDer, [ca, own]])
      for (const [index, certificate] of chain.entries()) {
        const damaged = copyBytes(certificate);
        damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
        const sent = chain.map((each, at) => (at === index ? damaged : each));
        expect(thrown(() => judge({ chain: sent }))).toMatchObject({ family: 'certificate' });
      }
    expect(thrown(() => judge({ chain: [own] }))).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER' });
    expect(thrown(() => judge({ chain: [] }))).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_BAD' });
  });

  test('is proven anew with another staple, and when one was asked for and did not come', () => {
    expect(isProvenAnew({ staple: { ocspResponse: undefined } })).toBe(true);
    expect(isProvenAnew({ staple: { ocspResponse: new Uint8Array(0) } })).toBe(true);
    const { judge } = makeJudge();
    judge({ staple: { ocspResponse: undefined } });
    const ocspResponse = respondOcsp(leaf, { issuer: intermediate, status: 'R' });
    expect(thrown(() => judge({ staple: { ocspResponse } }))).toMatchObject(revoked);
  });

  test('RFC 5280 §4.1.2.5 is refused from the second on that comes after the end of its first certificate', () => {
    const { judge, looks } = makeJudge();
    const end = parseCertificate(leaf.certificateDer).notAfter;
    judge();
    const before = looks();
    judge({ time: end + 999 });
    expect(looks()).toBe(before);
    expect(thrown(() => judge({ time: end + 1000 }))).toMatchObject(expired);
  });

  test('is proven anew while the clock stands before the proof', () => {
    expect(isProvenAnew({ time: now - 1 })).toBe(true);
    expect(isProvenAnew({ time: Number.NaN })).toBe(true);
    expect(isProvenAnew({ time: now + 1 })).toBe(false);
  });

  test('is refused by a judge who trusts another root', async () => {
    makeJudge().judge();
    const anchors = anchorsFrom((await createRoot({ commonName: 'root' })).certificateDer);
    expect(thrown(() => makeJudge({ anchors }).judge())).toMatchObject({ family: 'certificate' });
  });

  test('is the same chain whatever was done with the bytes of the path that was shown', () => {
    const { judge } = makeJudge();
    for (let round = 0; round < 3; round += 1) {
      const { path } = judge();
      expect(path[2]).toEqual(root.certificateDer);
      path.forEach((certificate) => certificate.fill(0));
    }
  });

  test('is remembered when a provider answers by a Promise', async () => {
    const { crypto, count } = countingCrypto(async (isValid) => Promise.resolve(isValid));
    const judge = judgeBy({ crypto, anchors: anchorsFrom(root.certificateDer), purpose: 'server' });
    const presented = { chain: leaf.chainDer, serverName: 'example.com', staple: undefined, time: now };
    const first = judge(presented);
    expect(isPromiseLike(first)).toBe(true);
    await first;
    const signatures = count();
    const second = judge(presented);
    expect(isPromiseLike(second)).toBe(false);
    expect(second).toEqual(await first);
    expect(count()).toBe(signatures);
  });
});

describe('A chain that was refused', () => {
  test('is judged again, and accepted when its time has come', async () => {
    const early = await root.issue({ names: ['example.com'], notBefore: new Date(now + minute) });
    const { judge } = makeJudge();
    const notYet = { code: 'ERR_TLS_CERTIFICATE_NOT_YET_VALID' };
    expect(thrown(() => judge({ chain: early.chainDer }))).toMatchObject(notYet);
    expect(judge({ chain: early.chainDer, time: now + 2 * minute }).path).toHaveLength(2);
    expect(thrown(() => judge({ chain: early.chainDer }))).toMatchObject(notYet);
  });
});

describe('What revokes', () => {
  test('RFC 5280 §6.3.3 a list that begins to hold later revokes then', async () => {
    const { serialNumber } = parseCertificate(leaf.certificateDer);
    const thisUpdate = new Date(Math.ceil((now + minute) / 1000) * 1000);
    const crls = [await intermediate.issueCrl({ thisUpdate, serialNumbers: [serialNumber] })];
    const { judge } = makeJudge({ revocation: readRevocation({ crls, depth: 'leaf', unknownStatus: 'accept' }) });
    judge();
    judge({ time: thisUpdate.getTime() - 1 });
    expect(thrown(() => judge({ time: thisUpdate.getTime() }))).toMatchObject(revoked);
  });

  test('RFC 5280 §6.3.3 a list that goes out of date says nothing from then on', async () => {
    const nextUpdate = new Date(Math.ceil((now + minute) / 1000) * 1000);
    const crls = [await intermediate.issueCrl({ nextUpdate })];
    const { judge, looks } = makeJudge({ revocation: readRevocation({ crls, depth: 'leaf' }) });
    judge();
    const before = looks();
    judge({ time: nextUpdate.getTime() - 1 });
    expect(looks()).toBe(before);
    const unknown = { code: 'ERR_TLS_CERTIFICATE_STATUS' };
    expect(thrown(() => judge({ time: nextUpdate.getTime() }))).toMatchObject(unknown);
  });

  test('RFC 6960 §4.2.2.1 a response that goes out of date does not count from then on', async () => {
    const extension = { oid: '1.3.6.1.5.5.7.1.24', value: Uint8Array.of(0x30, 3, 2, 1, 5) };
    const mustStaple = await root.issue({ names: ['example.com'], extensions: [extension] });
    const staple = { ocspResponse: respondOcsp(mustStaple, { issuer: root, args: ['-nmin', '10'] }) };
    const { judge, looks } = makeJudge();
    const given = { chain: mustStaple.chainDer, staple };
    judge(given);
    const before = looks();
    judge({ ...given, time: now + 9 * minute });
    expect(looks()).toBe(before);
    const missing = { code: 'ERR_TLS_CERTIFICATE_STATUS' };
    expect(thrown(() => judge({ ...given, time: now + 11 * minute }))).toMatchObject(missing);
  });
});

describe('The memory of a judge', () => {
  test('holds as many chains as it is told, and forgets the one that was used least recently', () => {
    const { judge, looks } = makeJudge({ provenChains: 2 });
    const names = ['a.example.com', 'b.example.com', 'a.example.com', 'c.example.com'];
    for (const serverName of names) judge({ serverName });
    const before = looks();
    judge({ serverName: 'a.example.com' });
    expect(looks()).toBe(before);
    judge({ serverName: 'b.example.com' });
    expect(looks()).toBeGreaterThan(before);
  });

  test('has one place for a peer, whatever that sends beside its certificate', () => {
    const { judge, looks } = makeJudge({ provenChains: 2 });
    judge({ chain: other.chainDer });
    for (let round = 0; round < 10; round += 1) judge({ chain: [...leaf.chainDer, Uint8Array.of(round)] });
    const before = looks();
    judge({ chain: other.chainDer });
    expect(looks()).toBe(before);
  });

  test('takes no input over 64 KiB', () => {
    const { judge, looks } = makeJudge();
    const chain = [...leaf.chainDer, new Uint8Array(65_536)];
    judge({ chain });
    const before = looks();
    judge({ chain });
    expect(looks()).toBeGreaterThan(before);
  });

  test('is none with `provenChains: 0`, and where a function of the application is asked', async () => {
    expect(isProvenAnew({}, { provenChains: 0 })).toBe(true);
    const publicCa = await root.issue({ isCa: true });
    const wildcard = await publicCa.issue({ names: ['*.co.example'] });
    let isSuffix = false;
    const { judge } = makeJudge({ profile: 'webpki', isPublicSuffix: () => isSuffix });
    const given = { chain: wildcard.chainDer, serverName: 'a.co.example' };
    expect(judge(given).path).toHaveLength(3);
    isSuffix = true;
    expect(thrown(() => judge(given))).toMatchObject({ family: 'certificate' });
  });
});
