import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createRoot, toPem, type IssueOptions, type TestCertificate } from '@org/pki';
import { verifierOf } from '../../src/context/peer-verifier.ts';
import { createSecureContext } from '../../src/context/secure-context.ts';

/** A chain of so many CAs below one of these, leaf first. */
async function chainBelow(top: TestCertificate, count: number, options: IssueOptions = {}): Promise<Uint8Array[]> {
  let issuer = top;
  const chain: Uint8Array[] = [];
  for (let at = 0; at < count; at += 1) {
    issuer = await issuer.issue({ isCa: true, ...options });
    chain.unshift(issuer.certificateDer);
  }
  const leaf = await issuer.issue({ names: ['localhost'] });
  return [leaf.certificateDer, ...chain];
}

async function codeFor(chain: readonly Uint8Array[], ca: readonly string[], crl?: string): Promise<unknown> {
  const context = createSecureContext({ ca: [...ca], ...(crl !== undefined && { crl }) });
  const { error } = await verifierOf(context, 'client')(chain);
  return (error as { readonly code?: unknown } | undefined)?.code;
}

describe('the keys of a chain that nobody vouches for (decision 23)', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('are not used behind the first signature that is wrong', async () => {
    const root = await createRoot();
    const damaged = await root.issue({ isCa: true, corruptSignature: true });
    const chain = [...(await chainBelow(damaged, 4)), damaged.certificateDer];
    const verify = vi.spyOn(X509Certificate.prototype, 'verify');
    expect(await codeFor(chain, [root.certificatePem])).toBe('CERT_SIGNATURE_FAILURE');
    expect(verify).toHaveBeenCalledTimes(1);
  });

  it('are not used below a certificate that is no CA’s', async () => {
    const root = await createRoot();
    const leaf = await root.issue({ names: ['mallory.test'] });
    const chain = [...(await chainBelow(leaf, 12)), leaf.certificateDer];
    const verify = vi.spyOn(X509Certificate.prototype, 'verify');
    expect(await codeFor(chain, [root.certificatePem])).toBe('UNSPECIFIED');
    expect(verify).not.toHaveBeenCalled();
  });

  it('verify no revocation list', async () => {
    const root = await createRoot({ commonName: 'root' });
    const stranger = await createRoot({ commonName: 'root' });
    const chain = await chainBelow(stranger, 3, { commonName: 'root' });
    const read = vi.spyOn(X509Certificate.prototype, 'publicKey', 'get');
    expect(await codeFor(chain, [root.certificatePem], toPem('X509 CRL', await root.issueCrl()))).toBeDefined();
    expect(read).not.toHaveBeenCalled();
  });

  it('are few: a chain of more than 16 CAs is refused', async () => {
    const root = await createRoot();
    const chain = await chainBelow(root, 17);
    const verify = vi.spyOn(X509Certificate.prototype, 'verify');
    expect(await codeFor(chain, [root.certificatePem])).toBe('CERT_CHAIN_TOO_LONG');
    expect(verify).not.toHaveBeenCalled();
  });

  it('of a longer chain than ours allows and OpenSSL allows are used, once an authority vouches for them', async () => {
    const root = await createRoot();
    const chain = await chainBelow(root, 9);
    expect(await codeFor(chain, [root.certificatePem])).toBeUndefined();
  });
});
