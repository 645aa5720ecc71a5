import { writeFileSync } from 'node:fs';
import { cases, type ConformanceOptions, type Roles } from '@org/tls-conformance';
import { nodeCases } from '@org/tls-conformance/node';
import { describeConformance } from '@org/tls-conformance/vitest';
import { createBackend as createPure } from '@org/tls-pure';
import { clientDeviations, serverDeviations } from './schannel-deviations.ts';
import { wineBackend, wineProtocol } from './wine-backend.ts';

// Wine tells of no signature that goes encrypted
const untold = ['signatureScheme', 'clientSignatureScheme'] as const;
const native = wineBackend();
const pure = createPure();

/** Each role by itself: Wine’s SChannel signs with RSA alone, so that the server’s certificates are for RSA. */
const roles = {
  client: {
    client: () => native,
    server: () => pure,
    untold,
    deviations: clientDeviations[wineProtocol],
  },
  server: {
    client: () => pure,
    server: () => native,
    untold,
    certificate: 'rsa-2048',
    deviations: serverDeviations[wineProtocol],
  },
} as const satisfies Readonly<Record<string, ConformanceOptions>>;

for (const [role, options] of Object.entries(roles)) {
  await describeConformance(`SChannel as ${role} over ${wineProtocol}`, options);
}

// for the report: what the backend does not claim is not registered
const played: readonly Roles[] = [
  { client: native, server: pure },
  { client: pure, server: native },
];
const outside = [...cases, ...nodeCases]
  .filter((each) => played.every((pair) => each.applies?.(pair) === false))
  .map(({ id }) => id);
writeFileSync(`outside-${wineProtocol}.json`, JSON.stringify(outside));
