import { createBackend } from '@org/tls-pure';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { describeConformance } from '../src/vitest/index.ts';

const noble = () => createBackend({ crypto: nobleCrypto });

await describeConformance('pure over noble as client, over node as server', {
  client: noble,
  server: () => createBackend(),
});
await describeConformance('pure over node as client, over noble as server', {
  client: () => createBackend(),
  server: noble,
});
