// Does requests of @org/http-client that go wrong in every way, past a proxy and through it, and says what they left: a line of JSON for each.
//   node --expose-gc dist/client-stress/main.js [--backend pure|native]… [--http 1.1|2]… [--way direct|proxied|undici]… [--requests N] [--seed N]
// N requests for each backend are shared by the versions of HTTP and the ways.

import { once } from 'node:events';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRoot } from '@org/pki';
import { resolveBackend } from '@org/tls-core/config';
import { faultsOf, growth } from '../stress/faults.ts';
import { stressClient } from './client-stress.ts';
import { ways, type HttpVersion, type Way } from './ways.ts';

const { values } = parseArgs({
  options: {
    backend: { type: 'string', multiple: true, default: ['pure', 'native'] },
    http: { type: 'string', multiple: true, default: ['1.1', '2'] },
    way: { type: 'string', multiple: true, default: ['direct', 'proxied'] },
    requests: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
  },
});

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const trust = root.certificatePem;

const seed = Number(values.seed);
const other = fork(fileURLToPath(new URL('./origin.js', import.meta.url)), {
  env: { ...process.env, CERT: leaf.chainPem, KEY: leaf.privateKeyPem, SEED: values.seed },
});
const [ports] = (await once(other, 'message')) as [{ readonly origin: number; readonly proxy: number }];
const requests = Math.round(Number(values.requests) / values.http.length / values.way.length);

for (const name of values.backend) {
  const backend = await resolveBackend(name, { from: import.meta.url });
  for (const http of values.http as HttpVersion[]) {
    for (const way of values.way as Way[]) {
      const createClient = () => ways[way]({ backend, trust, http, proxy: ports.proxy });
      const origin = `https://localhost:${ports.origin}`;
      const report = await stressClient({ createClient, origin, requests, seed });
      const { whole, errors, after } = report;
      const tooFew = whole < requests / 20 ? [`only ${whole} answers were whole`] : [];
      const faults = [...faultsOf(report), ...tooFew];
      if (faults.length > 0) process.exitCode = 1;
      console.log(JSON.stringify({ backend: name, http, way, requests, whole, growth: growth(after), faults, errors }));
    }
  }
}

other.kill();
await once(other, 'exit');
