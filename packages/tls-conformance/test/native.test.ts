import { createBackend } from '@org/tls-native';
import { describeConformance } from '../src/vitest/index.ts';
import { nativeClientDeviations, nativeServerDeviations } from '@org/native-deviations';

await describeConformance('native as client and server', {
  client: () => createBackend(),
  server: () => createBackend(),
  deviations: { ...nativeClientDeviations, ...nativeServerDeviations },
});
