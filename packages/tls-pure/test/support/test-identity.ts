import { createRoot, type KeyAlgorithm } from '@org/pki';
import type { ClientConfig, ServerConfig } from '@org/tls-core';

/** A root and what a client and a server need to speak under it. */
export interface TestPair {
  readonly client: ClientConfig;
  readonly server: ServerConfig;
}

export async function testPair(algorithm: KeyAlgorithm = 'ecdsa-p256'): Promise<TestPair> {
  const root = await createRoot();
  const leaf = await root.issue({ names: ['localhost'], algorithm });
  return {
    client: { trust: root.certificatePem },
    server: { identity: { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem } },
  };
}
