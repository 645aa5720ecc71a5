import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import { describeConformance } from '../src/vitest/index.ts';
import { nativeClientDeviations, nativeServerDeviations } from './native-deviations.ts';

await describeConformance('pure as client, native as server', {
  client: () => createPure(),
  server: () => createNative(),
  deviations: nativeServerDeviations,
});
await describeConformance('native as client, pure as server', {
  client: () => createNative(),
  server: () => createPure(),
  deviations: nativeClientDeviations,
});
