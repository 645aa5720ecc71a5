import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import { describeConformance } from '../src/vitest/index.ts';
import { nativeClientDeviations, nativeServerDeviations } from '@org/native-deviations';
import { isWhole } from './scope.ts';

/** Each backend meets itself in all cases, in files of their own. */
const parts = isWhole ? 1 : 3;

await describeConformance('pure as client, native as server', {
  client: () => createPure(),
  server: () => createNative(),
  deviations: nativeServerDeviations,
  part: { index: 0, of: parts },
});
await describeConformance('native as client, pure as server', {
  client: () => createNative(),
  server: () => createPure(),
  deviations: nativeClientDeviations,
  part: { index: parts - 1, of: parts },
});
