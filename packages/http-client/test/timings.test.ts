import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { createRoot } from '@org/pki';
import { describe, expect, test } from 'vitest';
import { createHttpClient, isFailedRequest, securityOf } from '../src/index.ts';
import { backends } from './backends.ts';
import { causeOf, failureOf } from './failure.ts';
import { startHangingUp, startHttp2, startHttps, startSilent } from './servers.ts';

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost', '127.0.0.1'] });
const trust = root.certificatePem;

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test.each([false, true])('a response tells its way and how long its steps took, with HTTP/2 %s', async (allowH2) => {
    await using server = await startHttp2(leaf);
    await using client = createHttpClient({ tls, allowH2, agent: { connections: 1 } });
    const before = performance.now();
    const first = await client.request(server.origin);
    const most = performance.now() - before;
    await first.body.text();
    const security = securityOf(first);
    expect(security).toMatchObject({ route: 'direct', reused: false, resumed: false, earlyData: 'none' });
    expect(security?.group).toBeTypeOf('string');
    expect(security?.cipherSuite).toMatch(/^TLS_/);
    expect(security?.peer?.verifiedPath.length).toBeGreaterThan(1);
    expect(security?.timings.proxy).toBeUndefined();
    const { connect, handshake, firstByte } = security?.timings ?? {};
    for (const each of [connect, handshake, firstByte]) {
      expect(each).toBeGreaterThan(0);
      expect(each).toBeLessThanOrEqual(most);
    }
    const second = await client.request(server.origin);
    await second.body.text();
    const timings = { lookup: undefined, connect: undefined, proxy: undefined, handshake: undefined };
    expect(securityOf(second)).toMatchObject({ reused: true, timings });
    expect(securityOf(second)?.timings.firstByte).toBeGreaterThan(0);
    expect(securityOf(second)).toBe(securityOf(second));
  });

  test('an error tells the phase, the host and the port, in one line', async () => {
    await using server = await startHttps(leaf);
    await using silent = await startSilent();
    await using hangingUp = await startHangingUp();
    await using client = createHttpClient({ tls });
    await using hasty = createHttpClient({ tls, handshakeTimeout: 200 });
    const headersTimeout = 200;
    const closed = await closedPort();
    const cases = [
      ['connect', closed, failureOf(client.request(`https://localhost:${closed}/`)), 'ERR_TLS_TRANSPORT'],
      ['handshake', silent.port, failureOf(hasty.request(silent.origin)), 'ERR_TLS_TIMEOUT'],
      ['handshake', hangingUp.port, failureOf(client.request(hangingUp.origin)), 'ERR_TLS_TRUNCATED'],
      [
        'headers',
        server.port,
        failureOf(client.request(`${server.origin}/silent`, { headersTimeout })),
        'UND_ERR_HEADERS_TIMEOUT',
      ],
      ['headers', server.port, failureOf(client.request(`${server.origin}/cut-before-headers`)), 'ERR_TLS_TRUNCATED'],
    ] as const;
    for (const [phase, port, pending, code] of cases) {
      const error = await pending;
      expect(error).toMatchObject({ code, phase, host: 'localhost', port });
      expect(isFailedRequest(error)).toBe(true);
      expect((error as Error).message).toMatch(new RegExp(`^[^\n]*localhost:${port}[^\n]*$`));
    }
    const response = await client.request(`${server.origin}/body-shorter-than-its-length`);
    expect(await failureOf(response.body.text())).toMatchObject({
      phase: 'body',
      host: 'localhost',
      port: server.port,
    });
  });

  test('an error tells how its connection was secured, where there was one', async () => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls });
    const error = await failureOf(client.request(`${server.origin}/cut-before-headers`));
    expect(securityOf(error as Error)).toMatchObject({ protocol: 'TLSv1.3', reused: false });
    const refused = await failureOf(client.request(`https://localhost:${await closedPort()}/`));
    expect(securityOf(refused as Error)).toBeUndefined();
  });

  test('what fetch rejects with tells the same as its cause', async () => {
    await using client = createHttpClient({ tls });
    const port = await closedPort();
    const error = await failureOf(client.fetch(`https://127.0.0.1:${port}/`));
    expect(error).toMatchObject({ phase: 'connect', host: '127.0.0.1', port });
    expect(await causeOf(Promise.reject(error as Error))).toMatchObject({ phase: 'connect', host: '127.0.0.1', port });
  });

  test('the reason of an abort is the program’s own, and is left as it is', async () => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls });
    const reason = Object.assign(new Error('not wanted'), { code: 'ECUSTOM' });
    const abort = new AbortController();
    const pending = failureOf(client.request(`${server.origin}/silent`, { signal: abort.signal }));
    abort.abort(reason);
    expect(await pending).toBe(reason);
    expect(reason.message).toBe('not wanted');
    expect(isFailedRequest(reason)).toBe(false);
  });
});

async function closedPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
