import { createBackend } from '@org/tls-pure';
import { describeConformance } from '../src/index.ts';

await describeConformance('pure as client and server', {
  client: () => createBackend(),
  server: () => createBackend(),
});
