import { createRoot, type KeyAlgorithm } from '@org/pki';
import type { ClientConfig, ServerConfig } from '@org/tls-core';

/** A root and what a client and a server need to speak under it. */
export interface TestPair {
  readonly client: ClientConfig;
  readonly server: ServerConfig;
}

/** What makes hellos the same each time, for tests that edit them. */
const plain = { minVersion: 'TLSv1.3', groups: ['x25519', 'secp256r1'] } as const;

export async function testPair(algorithm: KeyAlgorithm = 'ecdsa-p256'): Promise<TestPair> {
  const root = await createRoot();
  const leaf = await root.issue({ names: ['localhost'], algorithm });
  return {
    client: { trust: root.certificatePem, grease: false, permuteExtensions: false, ...plain },
    server: { ...plain, identity: { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem } },
  };
}
