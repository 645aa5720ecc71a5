import { createRoot } from '@org/pki';
import { expect, test } from 'vitest';
import { createHttpClient } from '../src/index.ts';
import { backends } from './backends.ts';
import { startHttp2 } from './servers.ts';

const root = await createRoot();
const identity = await root.issue({ names: ['localhost'] });
const trust = root.certificatePem;

test.each(backends.flatMap(([name, backend]) => [true, false].map((allowH2) => ({ name, backend, allowH2 }))))(
  'over $name, allowH2 $allowH2: a request that waited behind one that was aborted in its handshake leaves no connection',
  async ({ backend, allowH2 }) => {
    await using server = await startHttp2(identity);
    const client = createHttpClient({ tls: { backend, trust }, allowH2, agent: { connections: 1 } });
    const abort = new AbortController();
    const aborted = client.request(server.origin, { signal: abort.signal });
    const waiting = client.request(server.origin);
    abort.abort(new Error('given up'));
    await expect(aborted).rejects.toThrow('given up');
    expect(await (await waiting).body.text()).toContain('hello');
    await client.close();
    await server.allClosed();
  },
);
