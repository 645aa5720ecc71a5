import { createRoot, type TestCertificate } from '@org/pki';
import type { KeyIdentity } from '@org/tls-core';

/** The identities of all who take part. */
export interface People {
  readonly rootPem: string;
  /** The identity of honest servers, and of those that got a certificate before they turned hostile. */
  readonly server: KeyIdentity;
  readonly client: KeyIdentity;
  readonly leaf: TestCertificate;
}

export async function makePeople(): Promise<People> {
  const root = await createRoot();
  const intermediate = await root.issue({ isCa: true });
  const leaf = await intermediate.issue({ names: ['localhost'] });
  const client = await intermediate.issue({ commonName: 'an honest client' });
  return { rootPem: root.certificatePem, server: identityOf(leaf), client: identityOf(client), leaf };
}

export function identityOf({ chainPem, privateKeyPem }: TestCertificate): KeyIdentity {
  return { certificateChain: chainPem, privateKey: privateKeyPem };
}
