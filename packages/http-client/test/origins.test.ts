import { join } from 'node:path';
import { createRoot } from '@org/pki';
import { describe, expect, test } from 'vitest';
import { fetch as undiciFetch, request as undiciRequest } from 'undici';
import { createHttpClient, interceptors, securityOf, type AgentOptions } from '../src/index.ts';
import { backends } from './backends.ts';
import { causeOf, failureOf } from './failure.ts';
import { startAskingHttps, startHttps, startPlainHttp, temporaryFolder } from './servers.ts';

const root = await createRoot();
const trust = root.certificatePem;
const stranger = await createRoot();
const foreign = await stranger.issue({ names: ['localhost'] });
const local = await root.issue({ names: ['localhost'] });
const internal = await root.issue({ names: ['internal.example'] });

describe.each(backends)('over %s', (name, backend) => {
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

  test('another name is proven where `origins` says so, and for that origin only', async () => {
    await using server = await startHttps(internal);
    await using other = await startHttps(internal);
    await using client = createHttpClient({ tls, origins: { [server.origin]: { serverName: 'internal.example' } } });
    const response = await client.fetch(server.origin);
    expect(await response.text()).toBe('hello');
    expect(securityOf(response)?.serverName).toBe('internal.example');
    expect(await causeOf(client.fetch(other.origin))).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_NAME' });
  });

  test('origins with different TLS share no connection, no trust and no session', async () => {
    await using server = await startHttps(local);
    await using other = await startHttps(foreign);
    const origins = { [other.origin]: { tls: { trust: stranger.certificatePem } } };
    await using client = createHttpClient({ tls, origins });
    for (const { origin } of [server, other]) expect(await (await client.fetch(origin)).text()).toBe('hello');
    await using strict = createHttpClient({ tls });
    expect(await causeOf(strict.fetch(other.origin))).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER' });
    // Another spelling of the origin is the same origin, and another port is none.
    await using third = await startHttps(foreign);
    expect(await (await client.fetch(other.origin.replace('localhost', 'LOCALHOST'))).text()).toBe('hello');
    expect(await causeOf(client.fetch(third.origin))).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER' });
  });

  test('a `tls` of an origin that names no backend has the client’s', async () => {
    await using server = await startHttps(local);
    await using client = createHttpClient({ tls: { backend }, origins: { [server.origin]: { tls: { trust } } } });
    const response = await client.request(server.origin);
    expect(await response.body.text()).toBe('hello');
    expect(securityOf(response)?.backend).toBe(name);
  });

  test('a client certificate is shown to its origin only', async () => {
    const identity = await root.issue({ names: ['client.example'] });
    await using server = await startAskingHttps(local, trust);
    await using other = await startAskingHttps(local, trust);
    const own = { trust, identity: { certificateChain: identity.chainPem, privateKey: identity.privateKeyPem } };
    await using client = createHttpClient({ tls, origins: { [server.origin]: { tls: own } } });
    expect(await (await client.fetch(server.origin)).text()).toBe('client.example');
    expect(await (await client.fetch(other.origin)).text()).toBe('nobody');
  });

  test('a Unix domain socket is the way to an origin, or to all; the URL’s host must be proven', async () => {
    await using folder = await temporaryFolder();
    const socketPath = join(folder.path, 'socket');
    await using server = await startHttps(local, { path: socketPath });
    const origin = 'https://localhost';
    for (const options of [{ socketPath }, { origins: { [origin]: { socketPath } } }]) {
      await using client = createHttpClient({ tls, ...options });
      expect(await (await client.fetch(origin)).text()).toBe('hello');
    }
    await using client = createHttpClient({ tls, socketPath });
    expect(await causeOf(client.fetch('https://internal.example'))).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_NAME' });
    expect(server.connections()).toBe(3);
  });

  test('a Unix domain socket that is not there is an error that names it', async () => {
    await using client = createHttpClient({ tls, socketPath: '/nowhere/at/all' });
    const failure = await failureOf(client.request('https://localhost'));
    expect(failure).toMatchObject({ code: 'ERR_TLS_TRANSPORT', nodeCode: 'ENOENT' });
    expect(String(failure)).toContain('/nowhere/at/all');
  });

  test('a Unix domain socket of HTTP without TLS is reached where that is allowed', async () => {
    await using folder = await temporaryFolder();
    const socketPath = join(folder.path, 'socket');
    await using server = await startPlainHttp({ path: socketPath });
    await using client = createHttpClient({ tls, allowHttp: true, origins: { 'http://docker': { socketPath } } });
    expect(await (await client.fetch('http://docker/version')).text()).toBe('plain');
    expect(server.connections()).toBe(1);
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
    'ftp://localhost',
    'https://localhost:443',
    'https://localhost/',
    'localhost',
    'https://localhost/path',
  ])('origins refuses what is no origin: %s', (origin) => {
    expect(() => createHttpClient({ origins: { [origin]: { serverName: 'internal.example' } } })).toThrow(TypeError);
  });

  test('origins refuses a name that cannot be proven', () => {
    expect(() => createHttpClient({ origins: { 'https://localhost': { serverName: 'bad name' } } })).toThrowError(
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
