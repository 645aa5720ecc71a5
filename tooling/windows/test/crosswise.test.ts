import { describeConformance } from '@org/tls-conformance';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import { clientDeviations, serverDeviations } from './schannel-deviations.ts';

await describeConformance('SChannel as client, pure as server', {
  client: () => createNative(),
  server: () => createPure(),
  deviations: clientDeviations,
});

await describeConformance('pure as client, SChannel as server', {
  client: () => createPure(),
  server: () => createNative(),
  deviations: serverDeviations,
});
