import { createRoot } from '@org/pki';
import { describe, expect, test } from 'vitest';
import { createHttpClient, securityOf } from '../src/index.ts';
import { backends } from './backends.ts';
import { failureOf } from './failure.ts';
import { startHttpProxy, startSocksProxy } from './proxies.ts';
import { startHttps } from './servers.ts';

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust: root.certificatePem };

  test('a response says which way it came, without credentials, and how long each step took', async () => {
    await using server = await startHttps(leaf);
    await using http = await startHttpProxy({ identity: leaf, login: 'user:secret' });
    await using socks = await startSocksProxy();
    const https = { url: `https://user:secret@localhost:${http.port}`, tls };
    for (const [proxy, route] of [
      [https, `https://localhost:${http.port}`],
      [`socks5h://localhost:${socks.port}`, `socks5h://localhost:${socks.port}`],
      ['none', 'direct'],
    ] as const) {
      await using client = createHttpClient({ tls, proxy });
      for (const resumed of [false, true]) {
        const response = await client.request(server.origin, { reset: true });
        await response.body.text();
        expect(securityOf(response)).toMatchObject({ route, resumed, reused: false });
        expect(typeof securityOf(response)?.timings.proxy).toBe(route === 'direct' ? 'undefined' : 'number');
      }
    }
  });

  test('an error of a proxy says the phase, the proxy and the origin', async () => {
    await using proxy = await startHttpProxy({ login: 'user:secret' });
    await using client = createHttpClient({ tls, proxy: `http://user:wrong@localhost:${proxy.port}` });
    expect(await failureOf(client.request('https://origin.test:8443/'))).toMatchObject({
      code: 'ERR_TLS_PROXY',
      phase: 'proxy',
      status: 407,
      proxy: `http://localhost:${proxy.port}`,
      host: 'origin.test',
      port: 8443,
    });
  });
});
