import { createBackend } from '@org/tls-pure';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { describeConformance } from '../src/vitest/index.ts';
import { isWhole } from './scope.ts';

const noble = () => createBackend({ crypto: nobleCrypto });

/** The engine is the one of the other files, and its primitives in JavaScript take minutes for all cases (`npm run test:whole`). */
const parts = isWhole ? 1 : 3;

await describeConformance('pure over noble as client, over node as server', {
  client: noble,
  server: () => createBackend(),
  part: { index: 0, of: parts },
});
await describeConformance('pure over node as client, over noble as server', {
  client: () => createBackend(),
  server: noble,
  part: { index: parts - 1, of: parts },
});
