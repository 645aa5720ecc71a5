import { createBackend } from '@org/tls-native';
import { describeConformance } from '../src/index.ts';
import { nativeDeviations } from './native-deviations.ts';

await describeConformance('native as client and server', {
  client: () => createBackend({ libraryPath: '/tmp/ossl/openssl-3.5.7/libssl.so.3' }),
  server: () => createBackend({ libraryPath: '/tmp/ossl/openssl-3.5.7/libssl.so.3' }),
  deviations: nativeDeviations,
});
