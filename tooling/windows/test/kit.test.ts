import { writeFileSync } from 'node:fs';
import { cases, describeConformance } from '@org/tls-conformance';
import { createBackend } from '@org/tls-native';
import { schannelDeviations } from './schannel-deviations.ts';

const backend = createBackend();
const roles = { client: backend, server: backend };

await describeConformance('SChannel as client and server', {
  client: () => backend,
  server: () => backend,
  deviations: schannelDeviations,
});

// for the report: what the backend does not claim is not registered
const outside = cases.filter((each) => each.applies?.(roles) === false);
writeFileSync('not-run.json', JSON.stringify(outside.map(({ id }) => `kit, outside of the capabilities: ${id}`)));
