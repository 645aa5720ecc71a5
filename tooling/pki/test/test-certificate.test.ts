import { X509Certificate, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createRoot, keyAlgorithms, loadCa } from '../src/index.ts';
import type { IssueOptions, TestCertificate } from '../src/index.ts';

const root = await createRoot({ commonName: 'Test root' });

function parse(certificate: TestCertificate): X509Certificate {
  return new X509Certificate(certificate.certificateDer);
}

/** What node:tls says of `leaf` as a server's identity: its error code, OpenSSL's words where it has none, or `trusted`. */
async function judgedByNode(leaf: TestCertificate, anchor: TestCertificate, servername = 'localhost'): Promise<string> {
  const server = createServer({ cert: leaf.chainPem, key: leaf.privateKeyPem });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, servername, ca: anchor.certificatePem });
  try {
    await once(socket, 'secureConnect');
    return 'trusted';
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === undefined || code === 'UNSPECIFIED' ? message : code;
  } finally {
    socket.destroy();
    server.close();
  }
}

async function judgedLeaf(options: IssueOptions, issuer: TestCertificate = root): Promise<string> {
  return judgedByNode(await issuer.issue({ names: ['localhost'], ...options }), root);
}

describe('faults that a verifier must find', () => {
  const yesterday = new Date(Date.now() - 86_400_000);
  const tomorrow = new Date(Date.now() + 86_400_000);

  it('makes an expired certificate', async () => {
    const notBefore = new Date(Date.now() - 10 * 86_400_000);
    expect(await judgedLeaf({ notBefore, notAfter: yesterday })).toBe('CERT_HAS_EXPIRED');
  });

  it('makes a certificate that is not yet valid', async () => {
    expect(await judgedLeaf({ notBefore: tomorrow })).toBe('CERT_NOT_YET_VALID');
  });

  it('makes a server certificate with the wrong extended key usage', async () => {
    expect(await judgedLeaf({ extendedKeyUsage: ['clientAuth'] })).toBe('INVALID_PURPOSE');
  });

  it('issues from a certificate that is no CA', async () => {
    const notCa = await root.issue({ isCa: false, keyUsage: ['keyCertSign'] });
    expect(await judgedLeaf({}, notCa)).toBe('INVALID_PURPOSE');
  });

  it('exceeds a path length', async () => {
    const first = await root.issue({ isCa: true, pathLength: 0 });
    const second = await first.issue({ isCa: true });
    expect(await judgedLeaf({}, second)).toBe('PATH_LENGTH_EXCEEDED');
  });

  it('makes a certificate without subjectAltName', async () => {
    const leaf = await root.issue({ commonName: 'localhost' });
    expect(parse(leaf).subjectAltName).toBeUndefined();
  });

  it('issues outside of its name constraints', async () => {
    const limited = await root.issue({ isCa: true, nameConstraints: { permitted: ['example.test', '10.0.0.0/8'] } });
    const inside = await limited.issue({ names: ['www.example.test', '10.1.2.3'] });
    expect(await judgedByNode(inside, root, 'www.example.test')).toBe('trusted');
    expect(await judgedLeaf({}, limited)).toBe('permitted subtree violation');
    expect(await judgedLeaf({ names: ['www.example.test', '11.0.0.1'] }, limited)).toBe('permitted subtree violation');
  });

  it('damages a signature and nothing else', async () => {
    expect(await judgedLeaf({ corruptSignature: true })).toBe('CERT_SIGNATURE_FAILURE');
  });

  it('adds an unknown critical extension', async () => {
    const extensions = [{ oid: '1.2.3.4.5', critical: true, value: new Uint8Array([5, 0]) }];
    expect(await judgedLeaf({ extensions })).toBe('unhandled critical extension');
  });

  it('leaves the signing bit out of a CA', async () => {
    const mute = await root.issue({ isCa: true, keyUsage: ['digitalSignature'] });
    expect(await judgedLeaf({}, mute)).toBe('key usage does not include certificate signing');
  });

  it('refuses to share the key of a certificate that it did not make', async () => {
    await expect(root.issue({ sameKeyAs: { ...root } })).rejects.toThrow(TypeError);
  });
});

describe.each(keyAlgorithms)('a chain of %s', (algorithm) => {
  it('is trusted by node:tls through an intermediate', async () => {
    const anchor = await createRoot({ algorithm });
    const intermediate = await anchor.issue({ algorithm, isCa: true, pathLength: 0 });
    const leaf = await intermediate.issue({ algorithm, names: ['localhost'] });
    expect(leaf.chainDer).toHaveLength(2);
    expect(await judgedByNode(leaf, anchor)).toBe('trusted');
  });

  it('has a private key that fits its certificate', async () => {
    const leaf = await root.issue({ algorithm });
    const signed = Buffer.from('signed');
    const hash = algorithm === 'ed25519' ? null : 'sha256';
    const signature = sign(hash, signed, createPrivateKey(leaf.privateKeyPem));
    expect(verify(hash, signed, createPublicKey(leaf.certificatePem), signature)).toBe(true);
    expect(parse(leaf).checkPrivateKey(createPrivateKey(leaf.privateKeyPem))).toBe(true);
  });
});

describe('what a certificate says', () => {
  it('carries DNS names, wildcards and both kinds of addresses', async () => {
    const names = ['localhost', '*.example.test', '127.0.0.1', '::1', '2001:db8::5:0:7', '::ffff:192.0.2.33'];
    const leaf = parse(await root.issue({ names }));
    expect(leaf.subjectAltName?.split(', ')).toEqual([
      'DNS:localhost',
      'DNS:*.example.test',
      'IP Address:127.0.0.1',
      'IP Address:0:0:0:0:0:0:0:1',
      'IP Address:2001:DB8:0:0:0:5:0:7',
      'IP Address:0:0:0:0:0:FFFF:C000:221',
    ]);
    expect(leaf.subject).toBe('CN=localhost');
  });

  it('tells a root from a leaf and names its issuer', async () => {
    const leaf = parse(await root.issue({ names: ['localhost'] }));
    expect(parse(root).ca).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.issuer).toBe('CN=Test root');
    expect(leaf.checkIssued(parse(root))).toBe(true);
  });

  it('names the purposes that it was given', async () => {
    const leaf = parse(await root.issue({ extendedKeyUsage: ['serverAuth', '1.2.3.4'] }));
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.2.3.4']);
  });

  it.each(['2049-12-31T23:59:59Z', '2050-01-01T00:00:00Z'])('RFC 5280 §4.1.2.5 ends at %s', async (end) => {
    const leaf = parse(await root.issue({ notAfter: new Date(end) }));
    expect(new Date(leaf.validTo).toISOString()).toBe(new Date(end).toISOString());
  });

  it.each(['SHA-256', 'SHA-384', 'SHA-512'] as const)('is signed with %s when asked', async (signatureHash) => {
    const anchor = await createRoot({ algorithm: 'rsa-2048', signatureHash });
    expect(parse(anchor).verify(parse(anchor).publicKey)).toBe(true);
    expect(await judgedByNode(await anchor.issue({ names: ['localhost'], signatureHash }), anchor)).toBe('trusted');
  });
});

describe('chains', () => {
  it('end before the root', async () => {
    const intermediate = await root.issue({ isCa: true });
    const leaf = await intermediate.issue({ names: ['localhost'] });
    expect(root.chainDer).toEqual([root.certificateDer]);
    expect(leaf.chainDer).toEqual([leaf.certificateDer, intermediate.certificateDer]);
    expect(leaf.chainPem).toBe(leaf.certificatePem + intermediate.certificatePem);
  });

  it('cross when two issuers certify one key and name', async () => {
    const other = await createRoot();
    const first = await root.issue({ isCa: true, commonName: 'Crossed' });
    const crossed = await other.issue({ isCa: true, commonName: 'Crossed', sameKeyAs: first });
    const leaf = parse(await first.issue({ names: ['localhost'] }));
    expect(leaf.checkIssued(parse(crossed))).toBe(true);
    expect(leaf.verify(parse(crossed).publicKey)).toBe(true);
  });
});

describe('a CA that is loaded again', () => {
  it.each(['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521', 'rsa-2048', 'rsa-4096', 'ed25519'] as const)(
    'issues with its %s key, as itself',
    async (algorithm) => {
      const made = await createRoot({ algorithm });
      const loaded = loadCa(made.certificatePem, made.privateKeyPem);
      expect(loaded).toMatchObject({ algorithm, chainPem: made.chainPem, certificatePem: made.certificatePem });
      const leaf = await loaded.issue({ names: ['localhost'] });
      expect(await judgedByNode(leaf, made)).toBe('trusted');
    },
  );

  it('stands in the chain when it is no root', async () => {
    const made = await root.issue({ isCa: true });
    const leaf = await loadCa(made.chainPem, made.privateKeyPem).issue({ names: ['localhost'] });
    expect(leaf.chainDer).toHaveLength(2);
    expect(await judgedByNode(leaf, root)).toBe('trusted');
  });

  it('is none without a certificate, without the right to issue, with a foreign key, or with a key of another kind', async () => {
    const leaf = await root.issue();
    const pss = await createRoot({ algorithm: 'rsa-pss-2048' });
    expect(() => loadCa('', root.privateKeyPem)).toThrow(TypeError);
    expect(() => loadCa(leaf.chainPem, leaf.privateKeyPem)).toThrow('may issue');
    expect(() => loadCa(root.certificatePem, leaf.privateKeyPem)).toThrow('private key');
    expect(() => loadCa(pss.certificatePem, pss.privateKeyPem)).toThrow('rsa-pss');
  });
});
