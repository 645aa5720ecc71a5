import { createBackend } from '@org/tls-native';
import { peerVerifier } from '@org/x509';
import { describeConformance } from '../src/vitest/index.ts';
import { nativeHandshakeDeviations, nativeServerDeviations } from './native-deviations.ts';

await describeConformance('native with tls-pure’s verifier as client and server', {
  client: () => createBackend({ verifier: peerVerifier() }),
  server: () => createBackend({ verifier: peerVerifier() }),
  deviations: { ...nativeHandshakeDeviations, ...nativeServerDeviations },
});
