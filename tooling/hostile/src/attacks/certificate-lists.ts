import type { ProtocolVersion } from '@org/tls-core';
import { createRoot, type TestCertificate } from '@org/pki';
import type { Attack, Scene } from '../attack.ts';
import { clientThatDials, serverThatAsks } from '../certificate-stages.ts';
import { forgedCertificate, hugeRsaKey } from '../der.ts';

/** The certificates in a hostile Certificate message, leaf first. The leaf's key is the peer's own, so that the handshake goes on. */
type CertificateList = (scene: Scene) => Promise<readonly Uint8Array[]> | readonly Uint8Array[];

/** Attacks with certificates of an authority that nobody trusts. */
export const certificateListAttacks: readonly Attack[] = [
  ...certificates('10,000 certificates of one byte', ({ people }) => [
    people.leaf.certificateDer,
    ...Array.from({ length: 10_000 }, () => Uint8Array.of(0x30)),
  ]),
  ...certificates('a mesh of 96 cross-signed certificates', () => mesh(6, 16)),
  ...certificates('a mesh of 24 cross-signed certificates with long names', () => mesh(6, 4, longName)),
  ...certificates('a chain of 100 certificates', () => longChain(100)),
  ...certificates('one issuer’s name on 120 keys', () => manyKeys(120)),
  ...certificates('9 issuers with RSA keys of 16,384 bits', () => hugeKeys(9, 2048)),
  ...certificates('2 issuers with RSA keys of 70,000 bits', () => hugeKeys(2, 8750)),
  ...certificates('the same certificate 100 times', ({ people }) => [
    ...people.leaf.chainDer,
    ...Array.from({ length: 100 }, () => people.leaf.chainDer[1] ?? new Uint8Array(0)),
  ]),
  ...certificates('2,000 names under 1,500 name constraints', () => constrainedNames(2000, 1500)),
];

/** Characters that become six each when names are compared (RFC 4518 §2.3), as many as are compared so. */
const longName = '\u3316'.repeat(320);

async function mesh(depth: number, width: number, padding = ''): Promise<readonly Uint8Array[]> {
  let issuer = await createRoot({ commonName: `layer ${depth}${padding}`, algorithm: 'ed25519' });
  const found: Uint8Array[] = [];
  for (let layer = depth - 1; layer >= 0; layer -= 1) {
    const commonName = `layer ${layer}${padding}`;
    const first = await issuer.issue({ commonName, isCa: true, algorithm: 'ed25519' });
    found.push(first.certificateDer);
    for (let index = 1; index < width; index += 1) {
      const next = await issuer.issue({ commonName, isCa: true, sameKeyAs: first });
      found.push(next.certificateDer);
    }
    issuer = first;
  }
  const leaf = await issuer.issue({ names: ['localhost'], algorithm: 'ed25519' });
  return [leaf.certificateDer, ...found];
}

async function longChain(length: number): Promise<readonly Uint8Array[]> {
  let issuer: TestCertificate = await createRoot({ commonName: 'link 0', algorithm: 'ed25519' });
  const found = [issuer.certificateDer];
  for (let link = 1; link < length; link += 1) {
    issuer = await issuer.issue({ commonName: `link ${link}`, isCa: true, algorithm: 'ed25519' });
    found.unshift(issuer.certificateDer);
  }
  const leaf = await issuer.issue({ names: ['localhost'], algorithm: 'ed25519' });
  return [leaf.certificateDer, ...found];
}

/** Makes certificates of which each, by its name, could have signed the leaf. */
async function manyKeys(count: number): Promise<readonly Uint8Array[]> {
  const issuers = await Promise.all(
    Array.from({ length: count }, async () => createRoot({ commonName: 'one of many' })),
  );
  const leaf = await issuers[0]?.issue({ names: ['localhost'] });
  return [leaf, ...issuers.toReversed()].map((each) => each?.certificateDer ?? new Uint8Array(0));
}

function hugeKeys(count: number, bytes: number): readonly Uint8Array[] {
  const signatureLength = bytes;
  const forged = (index: number): Uint8Array =>
    forgedCertificate({
      subject: index === 0 ? 'localhost' : `huge ${index}`,
      issuer: `huge ${index + 1}`,
      publicKey: hugeRsaKey(index === 0 ? 256 : bytes, 0x81 + 2 * index),
      signatureLength,
      serial: index,
      isCa: index > 0,
    });
  return Array.from({ length: count + 1 }, (_, index) => forged(index));
}

async function constrainedNames(names: number, constraints: number): Promise<readonly Uint8Array[]> {
  const excluded = Array.from({ length: constraints }, (_, index) => `x${index}.test`);
  const authority = await createRoot({ nameConstraints: { permitted: ['localhost', 'test'], excluded } });
  const leaf = await authority.issue({
    names: ['localhost', ...Array.from({ length: names }, (_, index) => `n${index}.test`)],
  });
  return [leaf.certificateDer, authority.certificateDer];
}

function certificates(name: string, list: CertificateList): readonly Attack[] {
  const versions: readonly ProtocolVersion[] = ['TLSv1.2', 'TLSv1.3'];
  const full = `Certificate: ${name}`;
  const isReadByLibrary = true;
  return [
    {
      name: full,
      on: 'server',
      versions,
      isReadByLibrary,
      stage: async (scene) => serverThatAsks(scene, await list(scene)),
    },
    {
      name: full,
      on: 'client',
      versions,
      isReadByLibrary,
      stage: async (scene) => clientThatDials(scene, await list(scene)),
    },
  ];
}
