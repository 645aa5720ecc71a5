import { createRoot, toPem, type CertificateExtension, type IssueOptions, type TestCertificate } from '@org/pki';
import { parseCertificate } from '@org/x509';
import type { JudgedPeer, JudgeOptions } from './node-verdict.ts';

/** A peer with a chain that was drawn, who is to trust it, and how both came about. */
export interface RandomCase extends JudgedPeer {
  readonly judge: JudgeOptions;
  readonly story: string;
}

/** Draws the same for the same seed (mulberry32). */
export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<const T>(list: readonly [T, ...(readonly T[])]): T {
    return list[this.below(list.length)] ?? list[0];
  }

  shuffled<T>(list: readonly T[]): readonly T[] {
    return list
      .map((value) => ({ value, order: this.below(1_000_000) }))
      .toSorted((one, other) => one.order - other.order)
      .map(({ value }) => value);
  }
}

const day = 86_400_000;
const expired = { notBefore: new Date(Date.now() - 9 * day), notAfter: new Date(Date.now() - day) };
const ofTomorrow = { notBefore: new Date(Date.now() + day) };

function extension(oid: string, critical: boolean, ...value: readonly number[]): IssueOptions {
  return { extensions: [{ oid, critical, value: Uint8Array.from(value) }] };
}

/** What may be strange about any certificate. */
const oddities: readonly [IssueOptions, ...(readonly IssueOptions[])] = [
  expired,
  ofTomorrow,
  { corruptSignature: true },
  { version: 1 },
  { omitBasicConstraints: true },
  { omitBasicConstraints: true, keyUsage: [] },
  { keyUsage: [] },
  { keyUsage: ['cRLSign'] },
  { keyUsage: ['keyCertSign'] },
  { keyUsage: ['keyEncipherment'] },
  { keyUsage: ['keyAgreement'] },
  { keyUsage: ['nonRepudiation'] },
  { keyUsage: ['digitalSignature', 'keyCertSign'] },
  { extendedKeyUsage: [] },
  { extendedKeyUsage: ['serverAuth'] },
  { extendedKeyUsage: ['clientAuth'] },
  { extendedKeyUsage: ['anyExtendedKeyUsage'] },
  { extendedKeyUsage: ['codeSigning'] },
  { extendedKeyUsage: ['serverAuth', 'anyExtendedKeyUsage'] },
  { signatureHash: 'SHA-1' },
  { outerSignatureHash: 'SHA-512' },
  { serialNumber: Uint8Array.of(0) },
  { serialNumber: Uint8Array.of(0x80, 1) },
  { serialNumber: new Uint8Array(24).fill(1) },
  { commonName: '' },
  { commonName: 'CA' },
  { names: [], commonName: 'a.evil.test' },
  { names: ['10.0.0.1'], commonName: 'a.example.test' },
  { nameConstraints: { permitted: ['example.test'] } },
  { nameConstraints: { excluded: ['evil.test'] } },
  { nameConstraints: { permitted: ['10.0.0.0/8'] } },
  extension('1.2.3.4', true, 5, 0),
  extension('1.2.3.4', false, 5, 0),
  extension('2.5.29.19', true, 0x30, 3, 1, 1, 0xff), // basicConstraints once more
  extension('2.5.29.36', true, 0x30, 3, 0x80, 1, 0), // policyConstraints
  extension('2.5.29.54', true, 2, 1, 0), // inhibitAnyPolicy
  extension('2.16.840.1.113730.1.1', false, 3, 2, 6, 0x80), // netscape-cert-type: a client
  extension('2.16.840.1.113730.1.1', false, 3, 2, 6, 0x40), // a server
  extension('2.5.29.17', true, 0x30, 0), // a subjectAltName without names
];

const ofAuthorities: readonly [IssueOptions, ...(readonly IssueOptions[])] = [
  { isCa: false },
  { pathLength: 0 },
  { pathLength: 1 },
  { isCa: false, keyUsage: [] },
];

/** Draws a chain and its judge. */
export async function randomCase(draw: Draw, shownBy: 'server' | 'client'): Promise<RandomCase> {
  const oddness = draw.pick([3, 6, 12]);
  const stories: string[] = [];
  const told = (who: string, options: IssueOptions): IssueOptions => {
    stories.push(`${who} ${JSON.stringify(options)}`);
    return options;
  };
  const odd = (list: typeof oddities): IssueOptions => (draw.oneIn(oddness) ? draw.pick(list) : {});
  const root = await createRoot(told('root', { ...odd(oddities), ...odd(ofAuthorities) }));
  const authorities = [root];
  const depth = draw.below(4);
  for (let at = 0; at < depth; at += 1) {
    const issuer = authorities.at(-1) ?? root;
    const options = told(`CA ${at + 1}`, { isCa: true, ...odd(ofAuthorities), ...odd(oddities) });
    authorities.push(await issuer.issue(options));
    if (draw.oneIn(6)) {
      // the same CA once more: renewed, or by another root
      const owner = authorities.at(-1) ?? root;
      const by = draw.oneIn(2) ? issuer : await createRoot(told('another root', odd(oddities)));
      const name = nameOf(owner);
      const again = { isCa: true, commonName: name, ...(draw.oneIn(3) ? {} : { sameKeyAs: owner }), ...odd(oddities) };
      const { sameKeyAs: _, ...rest } = again;
      stories.push(`again ${JSON.stringify(rest)}`);
      authorities.push(await by.issue(again));
      if (draw.oneIn(2)) authorities.splice(-2, 2, ...authorities.slice(-2).toReversed());
    }
  }
  const issuer = draw.oneIn(8) ? draw.pick([root, ...authorities]) : (authorities.at(-1) ?? root);
  const leafOptions = told('leaf', { names: ['localhost'], ...odd(oddities), ...(draw.oneIn(12) && { isCa: true }) });
  const leaf = draw.oneIn(10) ? await createRoot({ isCa: false, ...leafOptions }) : await issuer.issue(leafOptions);
  const others = authorities.slice(1).toReversed();
  const sent = [
    leaf,
    ...(draw.oneIn(4) ? draw.shuffled([...others, root]) : others).filter(() => !draw.oneIn(10)),
    ...(draw.oneIn(8) ? [root] : []),
  ];
  const trusted = draw.oneIn(4) ? draw.shuffled([leaf, ...authorities]).slice(0, 1 + draw.below(3)) : [root];
  // a server of Node does not read the option
  const partial = shownBy === 'server' && draw.oneIn(6);
  const crl = draw.oneIn(4) ? await lists(draw, authorities, [leaf, ...authorities]) : undefined;
  const place = (each: TestCertificate): string => (each === leaf ? 'leaf' : String(authorities.indexOf(each)));
  stories.push(
    `sent ${sent.map(place).join(' ')}`,
    `ca ${trusted.map(place).join(' ')}`,
    partial ? 'partial' : 'whole',
  );
  if (crl !== undefined) stories.push(`lists ${crl.story}`);
  return {
    chainPem: sent.map(({ certificatePem }) => certificatePem).join(''),
    privateKeyPem: leaf.privateKeyPem,
    judge: {
      ca: trusted.map(({ certificatePem }) => certificatePem),
      ...(partial && { allowPartialTrustChain: true }),
      ...(crl && { crl: crl.pems }),
    },
    story: stories.join('\n'),
  };
}

function nameOf({ certificateDer }: TestCertificate): string {
  try {
    const [attribute] = parseCertificate(certificateDer).subject.parts.flat();
    return Buffer.from(attribute?.value ?? []).toString();
  } catch {
    return 'unreadable';
  }
}

const listOddities: readonly [readonly CertificateExtension[], ...(readonly (readonly CertificateExtension[])[])] = [
  [{ oid: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) }],
  ...[0x81, 0x82, 0x84, 0x85].map((tag) => [
    { oid: '2.5.29.28', critical: true, value: Uint8Array.of(0x30, 3, tag, 1, 0xff) },
  ]),
];

async function lists(
  draw: Draw,
  issuers: readonly TestCertificate[],
  subjects: readonly TestCertificate[],
): Promise<{ readonly pems: readonly string[]; readonly story: string }> {
  const stories: string[] = [];
  const pems: string[] = [];
  for (const [index, issuer] of issuers.entries()) {
    for (let count = draw.oneIn(4) ? 2 : 1; count > 0; count -= 1) {
      if (draw.oneIn(12)) continue;
      const revoked = subjects.filter(() => draw.oneIn(10));
      const options = {
        ...(draw.oneIn(10) && { thisUpdate: new Date(Date.now() - day) }),
        ...(draw.oneIn(12) && { nextUpdate: new Date(Date.now() - day / 2), thisUpdate: new Date(Date.now() - day) }),
        ...(draw.oneIn(12) && { extensions: draw.pick(listOddities) }),
        ...(draw.oneIn(16) && { corruptSignature: true }),
      };
      stories.push(`${index}: revokes ${revoked.length} ${JSON.stringify(options)}`);
      const serialNumbers = revoked.map(serialOf).filter((each) => each !== undefined);
      pems.push(toPem('X509 CRL', await issuer.issueCrl({ serialNumbers, ...options })));
    }
  }
  return { pems: draw.shuffled(pems), story: stories.join('; ') };
}

function serialOf({ certificateDer }: TestCertificate): Uint8Array | undefined {
  try {
    return parseCertificate(certificateDer).serialNumber;
  } catch {
    return undefined;
  }
}
