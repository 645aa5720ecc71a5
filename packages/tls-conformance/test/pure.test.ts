import { createBackend } from '@org/tls-pure';
import { describeConformance } from '../src/vitest/index.ts';

await describeConformance('pure as client and server', {
  client: () => createBackend(),
  server: () => createBackend(),
});
