import { createBackend } from '@org/tls-pure';
import { nativeCrypto } from '@org/tls-native/crypto';
import { describeConformance } from '../src/vitest/index.ts';

const native = () => createBackend({ crypto: nativeCrypto });

await describeConformance('pure over native crypto as client, over node as server', {
  client: native,
  server: () => createBackend(),
});
await describeConformance('pure over node as client, over native crypto as server', {
  client: () => createBackend(),
  server: native,
});
