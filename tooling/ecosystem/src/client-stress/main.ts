// Does requests of @org/http-client that go wrong in every way, past a proxy and through it, and says what they left: a line of JSON for each.
//   node --expose-gc dist/client-stress/main.js [--backend pure|native]… [--http 1.1|2]… [--way direct|proxied|undici]… [--requests N] [--seed N]
// N requests for each backend are shared by the versions of HTTP and the ways.

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRoot } from '@org/pki';
import { resolveBackend } from '@org/tls-core/config';
import { faultsOf, growth } from '../stress/faults.ts';
import { stressClient } from './client-stress.ts';
import { OtherSide } from './other-side.ts';
import { ways, type HttpVersion, type Requester, type Way } from './ways.ts';

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
const program = fileURLToPath(new URL('./origin.js', import.meta.url));
const other = new OtherSide({ program, cert: leaf.chainPem, key: leaf.privateKeyPem, seed: values.seed });
await other.listening();
const requests = Math.round(Number(values.requests) / values.http.length / values.way.length);

for (const name of values.backend) {
  const backend = await resolveBackend(name, { from: import.meta.url });
  for (const http of values.http as HttpVersion[]) {
    for (const way of values.way as Way[]) {
      const createClient = () => whileListening(ways[way]({ backend, trust, http, proxy: other.ports.proxy }));
      const origin = `https://localhost:${other.ports.origin}`;
      const lostBefore = other.lost.length;
      const report = await stressClient({ createClient, origin, requests, seed });
      // it fails where the origin was lost for good
      await other.listening();
      const { whole, errors, after } = report;
      const tooFew = whole < requests / 20 ? [`only ${whole} answers were whole`] : [];
      const faults = [...faultsOf(report), ...tooFew];
      if (faults.length > 0) process.exitCode = 1;
      const lost = other.lost.slice(lostBefore);
      const line = { backend: name, http, way, requests, whole, growth: growth(after), faults, errors, lost };
      console.log(JSON.stringify(line));
    }
  }
}

await other.stop();

/** A request that begins while no origin is there says nothing of the client. */
function whileListening(requester: Requester): Requester {
  return {
    request: async (url, options) => {
      await other.listening();
      return requester.request(url, options);
    },
    close: () => requester.close(),
  };
}
