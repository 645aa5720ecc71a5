import { createBackend } from '@org/tls-native';
import { describeConformance } from '../src/vitest/index.ts';
import { nativeClientDeviations, nativeServerDeviations } from './native-deviations.ts';

await describeConformance('native with handshakes off the event loop', {
  client: () => createBackend({ offload: true }),
  server: () => createBackend({ offload: true }),
  deviations: { ...nativeClientDeviations, ...nativeServerDeviations },
});
