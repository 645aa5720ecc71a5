import { readFileSync } from 'node:fs';
import { createRoot, type TestCertificate } from '@org/pki';
import { readIdentity } from '@org/tls-identity';
import type { Identity } from '@org/tls-core';
import { runOpenssl } from './peers.ts';

/** A CA that nobody trusts by himself, and what it has issued. */
export const root = await createRoot({ commonName: 'CA of the tests on Windows' });
export const stranger = await createRoot({ commonName: 'Another CA' });
export const leaf = await root.issue({ names: ['localhost'] });
/** What Wine's own SChannel can sign with. */
export const rsaLeaf = await root.issue({ names: ['localhost'], algorithm: 'rsa-2048' });

/** A CA that the system trusts, by way of `src/main.mjs`. */
export const systemRoot = JSON.parse(readFileSync('system-root.json', 'utf8')) as {
  readonly certificatePem: string;
  readonly leaf: { readonly chainPem: string; readonly privateKeyPem: string };
};

type Pair = Pick<TestCertificate, 'chainPem' | 'privateKeyPem'>;

/** Files and arguments for openssl. */
export interface OpensslIdentity {
  readonly args: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

export function opensslIdentity({ chainPem, privateKeyPem }: Pair): OpensslIdentity {
  return {
    args: ['-cert', '{chain}', '-cert_chain', '{chain}', '-key', '{key}'],
    files: { chain: chainPem, key: privateKeyPem },
  };
}

export const identityKinds = ['PEM', 'PKCS#12'] as const;

export async function identityAs(
  kind: (typeof identityKinds)[number],
  { chainPem, privateKeyPem }: Pair,
): Promise<Identity> {
  if (kind === 'PEM') return { certificateChain: chainPem, privateKey: privateKeyPem };
  const { output } = await runOpenssl({
    args: ['pkcs12', '-export', '-in', '{chain}', '-inkey', '{key}', '-passout', 'pass:open sesame'],
    files: { chain: chainPem, key: privateKeyPem },
  });
  return readIdentity({ pfx: output, passphrase: 'open sesame' });
}
