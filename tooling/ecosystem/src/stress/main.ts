// Does requests that go wrong in every way, over our API and over node-tls, and says what they left: a line of JSON for each.
//   node --expose-gc dist/stress/main.js [--backend pure|native]… [--over tls-core|node-tls|node:tls]… [--requests N] [--seed N]
// N requests for each backend are shared by what they go over. Without --backend it is both, without --over our API and node-tls.

import { parseArgs } from 'node:util';
import { createRoot } from '@org/pki';
import { resolveBackend } from '@org/tls-core/config';
import { faultsOf, growth } from './faults.ts';
import { stress } from './stress.ts';
import { subjects, type SubjectName } from './subjects.ts';

const { values } = parseArgs({
  options: {
    backend: { type: 'string', multiple: true, default: ['pure', 'native'] },
    over: { type: 'string', multiple: true, default: ['tls-core', 'node-tls'] },
    requests: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
  },
});

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const identity = { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem, trust: root.certificatePem };

for (const name of values.backend) {
  const backend = await resolveBackend(name, { from: import.meta.url });
  for (const over of values.over) {
    const subject = await subjects[over as SubjectName](backend, identity);
    const report = await stress(subject, Math.round(Number(values.requests) / values.over.length), Number(values.seed));
    const { requests, handshakes, after } = report;
    const tooFew = handshakes < requests / 4 ? [`only ${handshakes} handshakes were done`] : [];
    const faults = [...faultsOf(report), ...tooFew];
    if (faults.length > 0) process.exitCode = 1;
    console.log(JSON.stringify({ backend: name, over, requests, handshakes, growth: growth(after), faults }));
  }
}
