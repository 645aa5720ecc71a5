import { describe, expect, it } from 'vitest';
import { createRoot, toPem, type CertificateExtension, type IssueOptions, type TestCertificate } from '@org/pki';
import { certificatesInPem, parseCertificate } from '@org/x509';
import { verifierOf } from '../../src/context/peer-verifier.ts';
import { createSecureContext } from '../../src/context/secure-context.ts';
import { nodeVerdict, type JudgedPeer, type JudgeOptions, type NodeVerdict } from './support/node-verdict.ts';

interface Case extends JudgeOptions, JudgedPeer {}

async function ourVerdict(
  { chainPem, ...options }: Case,
  shownBy: 'server' | 'client' = 'server',
): Promise<NodeVerdict> {
  const { privateKeyPem: _, ca = [], crl, ...rest } = options;
  const context = createSecureContext({ ...rest, ca: [...ca], ...(crl && { crl: [...crl] }) });
  const { error } = await verifierOf(context, shownBy === 'server' ? 'client' : 'server')(certificatesInPem(chainPem));
  return error && { code: (error as Error & { code: string }).code, message: error.message };
}

const past = new Date(Date.now() - 86_400_000);
const future = new Date(Date.now() + 86_400_000);
const expired = { notBefore: new Date(Date.now() - 9 * 86_400_000), notAfter: past };
const name = { names: ['localhost'] };

interface Chain {
  readonly root: TestCertificate;
  readonly intermediate: TestCertificate;
  readonly leaf: TestCertificate;
}

interface ChainOptions {
  readonly root?: IssueOptions;
  readonly intermediate?: IssueOptions;
  readonly leaf?: IssueOptions;
}

async function chainOf(options: ChainOptions = {}): Promise<Chain> {
  const root = await createRoot(options.root);
  const intermediate = await root.issue({ isCa: true, ...options.intermediate });
  return { root, intermediate, leaf: await intermediate.issue({ ...name, ...options.leaf }) };
}

/** The whole chain of the leaf, shown to who trusts the root. */
async function whole(options: ChainOptions = {}): Promise<Case> {
  const { root, leaf } = await chainOf(options);
  return shown(leaf, { ca: [root.certificatePem] });
}

function shown({ chainPem, privateKeyPem }: TestCertificate, options: JudgeOptions): Case {
  return { chainPem, privateKeyPem, ...options };
}

/** The extension netscape-cert-type, for clients or for servers. */
function netscapeType(bit: 0x80 | 0x40): IssueOptions {
  return { extensions: [{ oid: '2.16.840.1.113730.1.1', value: Uint8Array.of(3, 2, 6, bit) }] };
}

/** A chain whose leaf has a list that is like no other. */
async function listed(
  extensions: readonly CertificateExtension[],
  entries?: readonly CertificateExtension[],
): Promise<Case> {
  const { root, intermediate, leaf } = await chainOf();
  const serialNumbers = entries === undefined ? [] : [Uint8Array.of(5)];
  const der = await intermediate.issueCrl({ extensions, serialNumbers, ...(entries && { entryExtensions: entries }) });
  return shown(leaf, { ca: [root.certificatePem], crl: [await crlOf(root), toPem('X509 CRL', der)] });
}

const unknownCritical: CertificateExtension = { oid: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) };

/** The extension issuingDistributionPoint with one field (RFC 5280 §5.2.5). */
function distributionPoint(tag: number, value = 0xff): CertificateExtension {
  return { oid: '2.5.29.28', critical: true, value: Uint8Array.of(0x30, 3, tag, 1, value) };
}

async function crlOf(issuer: TestCertificate, ...revoked: readonly TestCertificate[]): Promise<string> {
  const serialNumbers = revoked.map(({ certificateDer }) => parseCertificate(certificateDer).serialNumber);
  return toPem('X509 CRL', await issuer.issueCrl({ serialNumbers }));
}

type MakeCase = () => Promise<Case>;

const unknownIssuers: Readonly<Record<string, MakeCase>> = {
  'a leaf alone, nothing trusted': async () =>
    shown(await chainOf().then(({ leaf }) => ({ ...leaf, chainPem: leaf.certificatePem })), {}),
  'a leaf alone, its root trusted': async () => {
    const { leaf, root } = await chainOf();
    return shown({ ...leaf, chainPem: leaf.certificatePem }, { ca: [root.certificatePem] });
  },
  'a leaf alone and expired, nothing trusted': async () => {
    const { leaf } = await chainOf({ leaf: expired });
    return shown({ ...leaf, chainPem: leaf.certificatePem }, {});
  },
  'a chain without its root, nothing trusted': async () => shown((await chainOf()).leaf, {}),
  'a chain with its root, nothing trusted': async () => {
    const { leaf, root } = await chainOf();
    return shown({ ...leaf, chainPem: leaf.chainPem + root.certificatePem }, {});
  },
  'a chain with its root, expired and nothing trusted': async () => {
    const { leaf, root } = await chainOf({ root: { ...expired } });
    return shown({ ...leaf, chainPem: leaf.chainPem + root.certificatePem }, {});
  },
  'a self-signed leaf, nothing trusted': async () => shown(await selfSigned(), {}),
  'a self-signed leaf that is expired, nothing trusted': async () => shown(await selfSigned(expired), {}),
  'a self-signed leaf, another of its name trusted': async () =>
    shown(await selfSigned(), { ca: [(await selfSigned()).certificatePem] }),
  'a self-signed leaf without key identifiers, another of its name trusted': async () =>
    shown(await selfSigned({ version: 1 }), { ca: [(await selfSigned({ version: 1 })).certificatePem] }),
  'only the intermediate trusted': async () => {
    const { leaf, intermediate } = await chainOf();
    return shown(leaf, { ca: [intermediate.certificatePem] });
  },
  'only the leaf trusted': async () => {
    const { leaf } = await chainOf();
    return shown(leaf, { ca: [leaf.certificatePem] });
  },
};

async function selfSigned(options: IssueOptions = {}): Promise<TestCertificate> {
  const made = await createRoot({ ...name, commonName: 'self', isCa: false, ...options });
  return { ...made, chainPem: made.certificatePem };
}

/** A chain whose leaf names its issuer in other letters than the issuer names itself, shown to who trusts the root and, by choice, that issuer. */
async function inOtherLetters(knowsIntermediate: boolean): Promise<Case> {
  const { root, intermediate } = await chainOf({ intermediate: { commonName: 'The  Issuer' } });
  const alike = await root.issue({ isCa: true, commonName: 'THE issuer', sameKeyAs: intermediate });
  const leaf = await alike.issue(name);
  const others = knowsIntermediate ? '' : intermediate.certificatePem;
  const ca = [root.certificatePem, ...(knowsIntermediate ? [intermediate.certificatePem] : [])];
  const crl = [await crlOf(root), toPem('X509 CRL', await intermediate.issueCrl())];
  return shown({ ...leaf, chainPem: leaf.certificatePem + others }, { ca, crl });
}

const good: Readonly<Record<string, MakeCase>> = {
  'a whole chain': async () => whole(),
  'a chain in the wrong order': async () => {
    const { root, intermediate, leaf } = await chainOf();
    const chainPem = leaf.certificatePem + root.certificatePem + intermediate.certificatePem;
    return shown({ ...leaf, chainPem }, { ca: [root.certificatePem] });
  },
  'an intermediate that only the judge has': async () => {
    const { root, intermediate, leaf } = await chainOf();
    return shown(
      { ...leaf, chainPem: leaf.certificatePem },
      { ca: [root.certificatePem, intermediate.certificatePem] },
    );
  },
  'an issuer in other letters, with its list': async () => inOtherLetters(false),
  'an issuer in other letters that only the judge has, with its list': async () => inOtherLetters(true),
  'a self-signed leaf that is trusted': async () => {
    const leaf = await selfSigned();
    return shown(leaf, { ca: [leaf.certificatePem] });
  },
  'a self-signed CA as a leaf, as openssl req -x509 makes them': async () => {
    const leaf = await selfSigned({ isCa: true, keyUsage: [] });
    return shown(leaf, { ca: [leaf.certificatePem] });
  },
  'a CA as a leaf that a root has issued': async () => whole({ leaf: { isCa: true, keyUsage: [] } }),
  'a self-signed leaf without digitalSignature': async () => {
    const leaf = await selfSigned({ keyUsage: ['keyEncipherment'] });
    return shown(leaf, { ca: [leaf.certificatePem] });
  },
  'a leaf that may only encipher keys': async () => whole({ leaf: { keyUsage: ['keyEncipherment'] } }),
  'a leaf of version 1': async () => whole({ leaf: { version: 1, keyUsage: [], extendedKeyUsage: [] } }),
  'a root of version 1': async () => whole({ root: { version: 1, keyUsage: [] } }),
  'a self-signed leaf of version 1': async () => {
    const leaf = await selfSigned({ version: 1 });
    return shown(leaf, { ca: [leaf.certificatePem] });
  },
  'a serial number that is zero': async () => whole({ leaf: { serialNumber: Uint8Array.of(0) } }),
  'a negative serial number': async () => whole({ leaf: { serialNumber: Uint8Array.of(0x80, 1) } }),
  'no names at all': async () => whole({ leaf: { names: [], commonName: 'localhost' } }),
  'an intermediate that is trusted by itself': async () => {
    const { leaf, intermediate } = await chainOf();
    return shown(leaf, { ca: [intermediate.certificatePem], allowPartialTrustChain: true });
  },
  'a leaf that is trusted by itself': async () => {
    const { leaf } = await chainOf();
    const one = { ...leaf, chainPem: leaf.certificatePem };
    return shown(one, { ca: [leaf.certificatePem], allowPartialTrustChain: true });
  },
  'a leaf of Netscape’s type for servers': async () => whole({ leaf: netscapeType(0x40) }),
  'a common name that a CA may vouch for': async () =>
    whole({
      root: { nameConstraints: { permitted: ['example.test'] } },
      leaf: { names: [], commonName: 'a.example.test' },
    }),
  'a list of users’ certificates': async () => listed([distributionPoint(0x81)]),
  'lists that revoke others': async () => {
    const { root, intermediate, leaf } = await chainOf();
    const other = await intermediate.issue(name);
    const crl = [await crlOf(root), await crlOf(intermediate, other)];
    return shown(leaf, { ca: [root.certificatePem], crl });
  },
};

const bad: Readonly<Record<string, MakeCase>> = {
  ...unknownIssuers,
  'an expired leaf': async () => whole({ leaf: expired }),
  'an expired intermediate': async () => whole({ intermediate: expired }),
  'an expired root': async () => whole({ root: expired }),
  'an expired leaf under an expired root': async () => whole({ root: expired, leaf: { notBefore: future } }),
  'a leaf of tomorrow': async () => whole({ leaf: { notBefore: future } }),
  'a leaf with a damaged signature': async () => whole({ leaf: { corruptSignature: true } }),
  'an intermediate with a damaged signature': async () => whole({ intermediate: { corruptSignature: true } }),
  'an intermediate that is no CA': async () => whole({ intermediate: { isCa: false } }),
  'an intermediate without basicConstraints': async () =>
    whole({ intermediate: { omitBasicConstraints: true, keyUsage: [] } }),
  'an intermediate without basicConstraints that may sign certificates': async () =>
    whole({ intermediate: { omitBasicConstraints: true } }),
  'an intermediate of version 1': async () => whole({ intermediate: { version: 1, keyUsage: [] } }),
  'an intermediate that may not sign certificates': async () => whole({ intermediate: { keyUsage: ['cRLSign'] } }),
  'too many intermediates': async () => {
    const root = await createRoot();
    const one = await root.issue({ isCa: true, pathLength: 0 });
    const other = await one.issue({ isCa: true });
    return shown(await other.issue(name), { ca: [root.certificatePem] });
  },
  'a leaf for clients': async () => whole({ leaf: { extendedKeyUsage: ['clientAuth'] } }),
  'a leaf for any purpose': async () => whole({ leaf: { extendedKeyUsage: ['anyExtendedKeyUsage'] } }),
  'an intermediate for clients': async () => whole({ intermediate: { extendedKeyUsage: ['clientAuth'] } }),
  'an intermediate for any purpose': async () => whole({ intermediate: { extendedKeyUsage: ['anyExtendedKeyUsage'] } }),
  'a leaf of Netscape’s type for clients': async () => whole({ leaf: netscapeType(0x80) }),
  'a common name that a root does not permit': async () =>
    whole({ root: { nameConstraints: { permitted: ['example.test'] } }, leaf: { names: [], commonName: 'evil.test' } }),
  'a common name that a CA excludes': async () =>
    whole({
      intermediate: { nameConstraints: { excluded: ['evil.test'] } },
      leaf: { names: ['10.0.0.1'], commonName: 'A.Evil.Test' },
    }),
  'a newer list behind an older one': async () => {
    const { root, intermediate, leaf } = await chainOf();
    const older = toPem('X509 CRL', await intermediate.issueCrl({ thisUpdate: past }));
    const crl = [await crlOf(root), older, await crlOf(intermediate, leaf)];
    return shown(leaf, { ca: [root.certificatePem], crl });
  },
  'an unknown critical extension of a list': async () => listed([unknownCritical]),
  'an unknown critical extension of an entry': async () => listed([], [unknownCritical]),
  'a list of CAs only': async () => listed([distributionPoint(0x82)]),
  'a list of some reasons': async () => listed([distributionPoint(0x83, 0)]),
  'a list of several issuers': async () => listed([distributionPoint(0x84)]),
  'a list of attribute certificates': async () => listed([distributionPoint(0x85)]),
  'a leaf that may only sign certificates': async () => whole({ leaf: { keyUsage: ['keyCertSign'] } }),
  'an unknown critical extension': async () =>
    whole({ leaf: { extensions: [{ oid: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) }] } }),
  'a revoked leaf': async () => {
    const { root, intermediate, leaf } = await chainOf();
    return shown(leaf, { ca: [root.certificatePem], crl: [await crlOf(root), await crlOf(intermediate, leaf)] });
  },
  'a revoked intermediate': async () => {
    const { root, intermediate, leaf } = await chainOf();
    return shown(leaf, {
      ca: [root.certificatePem],
      crl: [await crlOf(root, intermediate), await crlOf(intermediate)],
    });
  },
  'no list of the intermediate': async () => {
    const { root, leaf } = await chainOf();
    return shown(leaf, { ca: [root.certificatePem], crl: [await crlOf(root)] });
  },
  'a list that is out of date': async () => {
    const { root, intermediate, leaf } = await chainOf();
    const old = toPem('X509 CRL', await intermediate.issueCrl({ thisUpdate: expired.notBefore, nextUpdate: past }));
    return shown(leaf, { ca: [root.certificatePem], crl: [await crlOf(root), old] });
  },
  'a list of tomorrow': async () => {
    const { root, intermediate, leaf } = await chainOf();
    const early = toPem('X509 CRL', await intermediate.issueCrl({ thisUpdate: future }));
    return shown(leaf, { ca: [root.certificatePem], crl: [await crlOf(root), early] });
  },
  'a list with a damaged signature': async () => {
    const { root, intermediate, leaf } = await chainOf();
    const damaged = toPem('X509 CRL', await intermediate.issueCrl({ corruptSignature: true }));
    return shown(leaf, { ca: [root.certificatePem], crl: [await crlOf(root), damaged] });
  },
  'a list of who may not sign lists': async () => {
    const { root, intermediate, leaf } = await chainOf({ intermediate: { keyUsage: ['keyCertSign'] } });
    return shown(leaf, { ca: [root.certificatePem], crl: [await crlOf(root), await crlOf(intermediate)] });
  },
};

describe('a client’s chain', () => {
  const cases: Readonly<Record<string, MakeCase>> = {
    'a whole chain': async () => whole(),
    'a leaf for servers': async () => whole({ leaf: { extendedKeyUsage: ['serverAuth'] } }),
    'a leaf that may only encipher keys': async () => whole({ leaf: { keyUsage: ['keyEncipherment'] } }),
    'an intermediate for servers': async () => whole({ intermediate: { extendedKeyUsage: ['serverAuth'] } }),
    'an expired leaf': async () => whole({ leaf: expired }),
    'a self-signed leaf': async () => shown(await selfSigned(), {}),
  };
  it.each(Object.entries(cases))('is judged as Node judges it: %s', async (_, make) => {
    const peer = await make();
    const byNode = await nodeVerdict(peer, judgeOptions(peer), 'client');
    expect(await ourVerdict(peer, 'client')).toEqual(byNode);
  });
});

describe('a server’s chain', () => {
  it.each(Object.entries(good))('is accepted, as Node accepts it: %s', async (_, make) => {
    const peer = await make();
    expect(await nodeVerdict(peer, judgeOptions(peer))).toBeUndefined();
    expect(await ourVerdict(peer)).toBeUndefined();
  });

  it.each(Object.entries(bad))('is rejected with Node’s code and words: %s', async (_, make) => {
    const peer = await make();
    const byNode = await nodeVerdict(peer, judgeOptions(peer));
    expect(byNode).toBeDefined();
    expect(await ourVerdict(peer)).toEqual(byNode);
  });

  it('is rejected with Node’s code where the name constraints of a CA forbid the name', async () => {
    const peer = await whole({ intermediate: { nameConstraints: { permitted: ['example.test'] } } });
    const byNode = await nodeVerdict(peer, judgeOptions(peer));
    expect(byNode?.code).toBe('UNSPECIFIED');
    expect((await ourVerdict(peer))?.code).toBe('UNSPECIFIED');
  });

  it('is rejected where name constraints forbid the name of a leaf whose form would be let pass', async () => {
    const peer = await whole({
      intermediate: { nameConstraints: { permitted: ['example.test'] } },
      leaf: { isCa: true, keyUsage: [] },
    });
    expect((await ourVerdict(peer))?.code).toBeDefined();
    expect(await nodeVerdict(peer, judgeOptions(peer))).toBeDefined();
  });

  it.each(['*.evil.test', 'a.evil.test.'])(
    'is rejected for a common name that only checkServerIdentity reads: %s',
    async (commonName) => {
      const constrained = { nameConstraints: { permitted: ['example.test'] } };
      const peer = await whole({ root: constrained, leaf: { names: [], commonName } });
      expect(await ourVerdict(peer)).toMatchObject({ code: 'UNSPECIFIED' });
    },
  );

  it('has none of its keys used where it is not trusted, so that only then Node names another fault', async () => {
    const { leaf } = await chainOf({ leaf: { corruptSignature: true } });
    const peer = shown(leaf, {});
    expect(await nodeVerdict(peer, judgeOptions(peer))).toMatchObject({ code: 'CERT_SIGNATURE_FAILURE' });
    expect(await ourVerdict(peer)).toMatchObject({ code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });

  it('is no fault where there is none', async () => {
    const verdict = await verifierOf(createSecureContext({ ca: [] }), 'server')([]);
    expect(verdict).toEqual({ error: undefined, path: [] });
  });

  it('is shown as the path that was found, whether it is trusted or not', async () => {
    const { root, leaf, intermediate } = await chainOf();
    const lengths = async (ca: readonly string[]): Promise<number> => {
      const { path } = await verifierOf(createSecureContext({ ca: [...ca] }), 'client')(leaf.chainDer);
      return path.length;
    };
    expect(await lengths([root.certificatePem])).toBe(3);
    expect(await lengths([intermediate.certificatePem])).toBe(2);
    expect(await lengths([])).toBe(2);
  });

  it('is judged by what a program adds to the context later', async () => {
    const { root, leaf } = await chainOf();
    const context = createSecureContext({ ca: [] });
    const verify = verifierOf(context, 'client');
    expect((await verify(leaf.chainDer)).error).toBeDefined();
    (context.context as { addCACert(pem: string): void }).addCACert(root.certificatePem);
    expect((await verify(leaf.chainDer)).error).toBeUndefined();
  });

  it('is judged by Node’s authorities where the context has none', async () => {
    const { error } = await verifierOf(createSecureContext({}), 'client')((await chainOf()).leaf.chainDer);
    expect(error).toMatchObject({ code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });
});

function judgeOptions({ ca, crl, allowPartialTrustChain }: Case): JudgeOptions {
  return {
    ...(ca && { ca }),
    ...(crl && { crl }),
    ...(allowPartialTrustChain !== undefined && { allowPartialTrustChain }),
  };
}
