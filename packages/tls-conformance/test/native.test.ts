import { createBackend } from '@org/tls-native';
import { describeConformance } from '../src/index.ts';
import { nativeDeviations } from './native-deviations.ts';

await describeConformance('native as client and server', {
  client: () => createBackend(),
  server: () => createBackend(),
  deviations: nativeDeviations,
});
