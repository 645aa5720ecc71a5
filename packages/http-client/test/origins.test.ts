import { createRoot } from '@org/pki';
import { describe, expect, test } from 'vitest';
import { fetch as undiciFetch, request as undiciRequest } from 'undici';
import { createHttpClient, interceptors, securityOf, type AgentOptions } from '../src/index.ts';
import { backends } from './backends.ts';
import { causeOf, failureOf } from './failure.ts';
import { startHttps } from './servers.ts';

const root = await createRoot();
const trust = root.certificatePem;
const local = await root.issue({ names: ['localhost'] });
const internal = await root.issue({ names: ['internal.example'] });

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test('RFC 9110 §4.3.4 the host of the URL is what the server must prove, whatever the Host header says', async () => {
    await using server = await startHttps(internal);
    await using client = createHttpClient({ tls });
    for (const headers of [{}, { host: 'internal.example' }]) {
      const failure = await failureOf(client.request(server.origin, { headers }));
      expect(failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_NAME' });
    }
  });

  test('a Host header of another name is sent over the connection to the URL’s host', async () => {
    await using server = await startHttps(local);
    await using client = createHttpClient({ tls });
    const response = await client.request(server.origin, { headers: { host: 'virtual.example' } });
    expect(await response.body.text()).toBe('hello');
    expect(securityOf(response)?.serverName).toBe('localhost');
  });

  test('another name is proven where `serverNames` says so, and for that origin only', async () => {
    await using server = await startHttps(internal);
    await using other = await startHttps(internal);
    await using client = createHttpClient({ tls, serverNames: { [server.origin]: 'internal.example' } });
    const response = await client.fetch(server.origin);
    expect(await response.text()).toBe('hello');
    expect(securityOf(response)?.serverName).toBe('internal.example');
    expect(await causeOf(client.fetch(other.origin))).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_NAME' });
  });

  test.each([false, true])('nothing leaves TLS through the dispatcher, with allowHttp %s', async (allowHttp) => {
    await using server = await startHttps(local);
    const redirect = interceptors.redirect({ maxRedirections: 3 });
    await using client = createHttpClient({ tls, allowHttp, interceptors: [redirect] });
    const url = `${server.origin}/redirect-to-http`;
    const { dispatcher } = client;
    const refusals = await Promise.all([
      failureOf(undiciRequest(url, { dispatcher })),
      failureOf(undiciRequest(url, { dispatcher: dispatcher.compose(redirect) })),
      causeOf(undiciFetch(url, { dispatcher })),
    ]);
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'ERR_TLS_CONFIG' });
  });

  test('the dispatcher still serves https:', async () => {
    await using server = await startHttps(local);
    await using client = createHttpClient({ tls });
    const response = await undiciRequest(server.origin, { dispatcher: client.dispatcher });
    expect(await response.body.text()).toBe('hello');
  });
});

describe('options', () => {
  test.each([
    'http://localhost:80',
    'https://localhost:443',
    'https://localhost/',
    'localhost',
    'https://localhost/path',
  ])('serverNames refuses what is no https: origin: %s', (origin) => {
    expect(() => createHttpClient({ serverNames: { [origin]: 'internal.example' } })).toThrow(TypeError);
  });

  test('serverNames refuses a name that cannot be proven', () => {
    expect(() => createHttpClient({ serverNames: { 'https://localhost': 'bad name' } })).toThrowError(
      expect.objectContaining({ code: 'ERR_TLS_CONFIG' }),
    );
  });

  test.each(['connect', 'socketPath', 'maxCachedSessions', 'allowH2', 'factory', 'tls', 'interceptors', 'tyop'])(
    'an option of `agent` that would not be obeyed is refused: %s',
    (option) => {
      expect(() => createHttpClient({ agent: { [option]: undefined } })).toThrow(TypeError);
    },
  );

  test('options of `agent` that are undici’s are taken', async () => {
    const agent: AgentOptions = { connections: 2, pipelining: 1, headersTimeout: 1, clientTtl: 1, maxOrigins: 2 };
    await using client = createHttpClient({ agent });
    expect(client).toBeDefined();
  });
});
