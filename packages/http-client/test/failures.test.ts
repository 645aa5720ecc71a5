import { EventEmitter, once } from 'node:events';
import { createRoot } from '@org/pki';
import { AlertDescription } from '@org/tls-core';
import { describe, expect, test } from 'vitest';
import { createHttpClient } from '../src/index.ts';
import { backends } from './backends.ts';
import { causeOf, failureOf } from './failure.ts';
import { startHangingUp, startHttps, startPlainText, startSilent, type TestServer } from './servers.ts';

const root = await createRoot();
const stranger = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const day = 86_400_000;
const trust = root.certificatePem;

const certificateCases = [
  {
    fault: 'expired',
    identity: await root.issue({
      names: ['localhost'],
      notBefore: new Date(Date.now() - 9 * day),
      notAfter: new Date(Date.now() - day),
    }),
    expected: {
      code: 'ERR_TLS_CERTIFICATE_EXPIRED',
      alert: AlertDescription.certificateExpired,
      nodeCode: 'CERT_HAS_EXPIRED',
    },
  },
  {
    fault: 'from a CA that is not trusted',
    identity: await stranger.issue({ names: ['localhost'] }),
    expected: { code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER', alert: AlertDescription.unknownCa },
  },
  {
    fault: 'for another host',
    identity: await root.issue({ names: ['example.test'] }),
    expected: {
      code: 'ERR_TLS_CERTIFICATE_NAME',
      alert: AlertDescription.badCertificate,
      nodeCode: 'ERR_TLS_CERT_ALTNAME_INVALID',
    },
  },
];

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test.each(certificateCases)(
    'a certificate $fault fails fetch with the typed cause, and request with the error itself',
    async ({ identity, expected }) => {
      await using server = await startHttps(identity);
      await using client = createHttpClient({ tls });
      expect(await causeOf(client.fetch(server.origin))).toMatchObject({
        ...expected,
        family: 'certificate',
        direction: 'sent',
      });
      expect(await failureOf(client.request(server.origin))).toMatchObject({
        ...expected,
        family: 'certificate',
        direction: 'sent',
      });
    },
  );

  test.each([
    { peer: 'a peer that answers in plain HTTP', start: startPlainText, code: 'ERR_TLS_NOT_TLS' },
    { peer: 'a peer that hangs up in the handshake', start: () => startHangingUp(), code: 'ERR_TLS_TRUNCATED' },
  ])('$peer fails with $code', async ({ start, code }) => {
    await using server: TestServer = await start();
    await using client = createHttpClient({ tls });
    expect(await causeOf(client.fetch(server.origin))).toMatchObject({ code });
    expect(await failureOf(client.request(server.origin))).toMatchObject({ code });
  });

  test('a handshake that takes too long fails with a timeout', async () => {
    await using server = await startSilent();
    await using client = createHttpClient({ tls, handshakeTimeout: 50 });
    expect(await causeOf(client.fetch(server.origin))).toMatchObject({ code: 'ERR_TLS_TIMEOUT' });
    expect(await failureOf(client.request(server.origin))).toMatchObject({ code: 'ERR_TLS_TIMEOUT' });
  });

  test('nobody at the port fails with the reason of the operating system', async () => {
    const server = await startSilent();
    await server[Symbol.asyncDispose]();
    await using client = createHttpClient({ tls });
    const cause = await causeOf(client.fetch(`https://127.0.0.1:${server.port}/`));
    expect(cause).toMatchObject({ code: 'ERR_TLS_TRANSPORT', cause: { code: 'ECONNREFUSED' } });
  });

  test('a connection cut before the response fails with truncation', async () => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls });
    expect(await causeOf(client.fetch(`${server.origin}/cut-before-headers`))).toMatchObject({
      code: 'ERR_TLS_TRUNCATED',
    });
    expect(await failureOf(client.request(`${server.origin}/cut-before-headers`))).toMatchObject({
      code: 'ERR_TLS_TRUNCATED',
    });
  });

  test.each(['/body-shorter-than-its-length', '/body-until-close-cut', '/chunked-cut'])(
    'RFC 9112 §9.8 a body that is not whole by itself fails when the connection is cut: %s',
    async (path) => {
      await using server = await startHttps(leaf);
      await using client = createHttpClient({ tls });
      const response = client.fetch(server.origin + path).then((fetched) => fetched.text());
      expect(await causeOf(response)).toMatchObject({ code: 'ERR_TLS_TRUNCATED' });
      const body = client.request(server.origin + path).then((fetched) => fetched.body.text());
      expect(await failureOf(body)).toMatchObject({ code: 'ERR_TLS_TRUNCATED' });
    },
  );

  test.each(['/body-by-length-then-cut', '/body-until-close'])(
    'RFC 9112 §9.8 a body that is whole is given out: %s',
    async (path) => {
      await using server = await startHttps(leaf);
      await using client = createHttpClient({ tls });
      for (let turn = 0; turn < 3; turn += 1) {
        expect(await (await client.fetch(server.origin + path)).text()).toBe('hello');
        expect(await (await client.request(server.origin + path)).body.text()).toBe('hello');
      }
    },
  );

  test('an abort in the handshake rejects at once with the signal’s reason', async () => {
    for (const method of ['fetch', 'request'] as const) {
      const abort = new AbortController();
      const reason = new Error('changed my mind');
      await using server = await startSilent(() => abort.abort(reason));
      await using client = createHttpClient({ tls });
      expect(await failureOf(client[method](server.origin, { signal: abort.signal }))).toBe(reason);
      await client.close();
    }
  });

  test('an abort in the handshake takes no other request with it', async () => {
    const abort = new AbortController();
    await using server = await startSilent(() => abort.abort(new Error('changed my mind')));
    await using client = createHttpClient({ tls, handshakeTimeout: 100, agent: { connections: 1 } });
    const impatient = failureOf(client.request(server.origin, { signal: abort.signal }));
    const patient = failureOf(client.request(server.origin));
    expect(await impatient).toBe(abort.signal.reason);
    expect(await patient).toMatchObject({ code: 'ERR_TLS_TIMEOUT' });
  });

  test('an abort in the middle of the body rejects its reader with the signal’s reason', async () => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls });
    const abort = new AbortController();
    const reason = new Error('changed my mind');
    const fetched = await client.fetch(`${server.origin}/endless`, { signal: abort.signal });
    const requested = await client.request(`${server.origin}/endless`, { signal: abort.signal });
    const readers = [fetched.text(), requested.body.text()].map(failureOf);
    abort.abort(reason);
    expect(await Promise.all(readers)).toEqual([reason, reason]);
    expect(await (await client.fetch(server.origin)).text()).toBe('hello');
  });

  test('destroy ends handshakes and requests under way', async () => {
    await using server = await startHttps(leaf);
    const client = createHttpClient({ tls });
    const reason = new Error('shutting down');
    const connected = new EventEmitter();
    const heard = once(connected, 'connection');
    await using deaf = await startSilent(() => connected.emit('connection'));
    const pending = [client.request(`${server.origin}/silent`), client.request(deaf.origin)].map(failureOf);
    await heard;
    await client.destroy(reason);
    expect(await Promise.all(pending)).toEqual([reason, reason]);
  });

  test('the next request gets a new connection after one that failed', async () => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls });
    await failureOf(client.request(`${server.origin}/cut-before-headers`));
    expect(await (await client.fetch(server.origin)).text()).toBe('hello');
  });
});
