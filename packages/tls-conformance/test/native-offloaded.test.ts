import { createBackend } from '@org/tls-native';
import { describeConformance } from '../src/vitest/index.ts';
import { nativeClientDeviations, nativeServerDeviations } from '@org/native-deviations';
import { isWhole } from './scope.ts';

await describeConformance('native with handshakes off the event loop', {
  client: () => createBackend({ offload: true }),
  server: () => createBackend({ offload: true }),
  deviations: { ...nativeClientDeviations, ...nativeServerDeviations },
  // Without other threads, `native.test.ts` runs all of them.
  part: { index: 0, of: isWhole ? 1 : 3 },
});
