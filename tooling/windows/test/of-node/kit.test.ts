import { describeConformance } from '@org/tls-conformance/vitest';
import { nativeClientDeviations, nativeServerDeviations } from '@org/native-deviations';
import { createBackend } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';

const ofWine = {
  'socket/goodbye':
    'a socket that is closed while session tickets wait in it resets the connection under Wine, with either backend',
};

const native = createBackend({ library: 'node' });
const pure = createPure();

await describeConformance('Node’s OpenSSL as client', {
  client: () => native,
  server: () => pure,
  deviations: { ...nativeClientDeviations, ...ofWine },
});

await describeConformance('Node’s OpenSSL as server', {
  client: () => pure,
  server: () => native,
  deviations: { ...nativeServerDeviations, ...ofWine },
});
