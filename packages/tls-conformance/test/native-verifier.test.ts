import { createBackend } from '@org/tls-native';
import { peerVerifier } from '@org/x509';
import { describeConformance } from '../src/vitest/index.ts';
import { nativeHandshakeDeviations, nativeServerDeviations } from '@org/native-deviations';
import { isWhole } from './scope.ts';

await describeConformance('native with tls-pure’s verifier as client and server', {
  client: () => createBackend({ verifier: peerVerifier() }),
  server: () => createBackend({ verifier: peerVerifier() }),
  deviations: { ...nativeHandshakeDeviations, ...nativeServerDeviations },
  // `native.test.ts` has the handshake in all cases, and `pure.test.ts` the verifier.
  part: isWhole ? { index: 0, of: 1 } : { index: 1, of: 3 },
});
