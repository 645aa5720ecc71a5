import type { IncomingMessage } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { createRoot } from '@org/pki';
import { afterAll, describe, expect, test } from 'vitest';
import { runBalancer } from './run-balancer.ts';
import { makeSite, runServer, runToEnd } from './run-server.ts';

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost', '127.0.0.1'] });
const files = await makeSite({ chain: leaf.chainPem, key: leaf.privateKeyPem });
const ca = root.certificatePem;

afterAll(() => files[Symbol.asyncDispose]());

interface Answer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** Asks with Node's own client, and with the path exactly as it is given. */
async function ask(port: number, path: string, options: https.RequestOptions = {}): Promise<Answer> {
  const request = https.request({ host: '127.0.0.1', port, path, ca, agent: false, ...options }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: (await buffer(response)).toString() };
}

describe.each(['pure', 'native'])('https-server --backend %s', (backend) => {
  const args = [
    files.site,
    '--cert',
    files.chain,
    '--key',
    files.key,
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--backend',
    backend,
  ];

  test('serves files with type, length and validators', async () => {
    await using server = await runServer(args);
    const home = await ask(server.port, '/');
    expect(home).toMatchObject({ status: 200, body: '<!doctype html><title>home</title>' });
    expect(home.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-length': '34',
      'x-content-type-options': 'nosniff',
      etag: expect.any(String),
      'last-modified': expect.any(String),
    });
    expect(await ask(server.port, '/docs/')).toMatchObject({ status: 200, body: expect.stringContaining('docs') });
    expect(await ask(server.port, '/link-in.txt?query')).toMatchObject({ status: 200, body: '0123456789' });
    expect((await ask(server.port, '/big.bin')).body.length).toBe(3_000_000);
    expect(server.stderr()).toMatch(new RegExp(`"GET /" 200 HTTP/1.1 TLSv1.3 ${backend}`));
  });

  test('two processes behind one port resume each other’s sessions with one file of ticket keys', async () => {
    const keys = path.join(path.dirname(files.chain), `ticket-${backend}.key`);
    await writeFile(keys, randomBytes(80));
    await using one = await runServer([...args, '--ticket-keys', keys]);
    await using two = await runServer([...args, '--ticket-keys', keys]);
    await using balancer = await runBalancer([one.port, two.port]);
    const reused: boolean[] = [];
    let session: Buffer | undefined;
    for (let round = 0; round < 4; round += 1) {
      const request = https.get({
        host: '127.0.0.1',
        port: balancer.port,
        ca,
        agent: false,
        ...(session && { session }),
      });
      request.on('socket', (socket) => socket.on('session', (next: Buffer) => (session = next)));
      // oxlint-disable-next-line no-await-in-loop
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      reused.push((response.socket as TLSSocket).isSessionReused());
      // oxlint-disable-next-line no-await-in-loop
      await buffer(response);
    }
    expect(reused).toEqual([false, true, true, true]);
  });

  test('answers HEAD, conditional requests and ranges (RFC 9110 §9.3.2, §13, §14)', async () => {
    await using server = await runServer(args);
    const { headers } = await ask(server.port, '/digits.txt');
    const head = await ask(server.port, '/digits.txt', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': '10' } });
    const known = await ask(server.port, '/digits.txt', { headers: { 'if-none-match': String(headers['etag']) } });
    expect(known).toMatchObject({ status: 304, body: '' });
    const range = (value: string): Promise<Answer> => ask(server.port, '/digits.txt', { headers: { range: value } });
    expect(await range('bytes=2-4')).toMatchObject({
      status: 206,
      body: '234',
      headers: { 'content-range': 'bytes 2-4/10' },
    });
    expect(await range('bytes=-3')).toMatchObject({ status: 206, body: '789' });
    expect(await range('bytes=20-')).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */10' } });
    expect(await range('bytes=5-2')).toMatchObject({ status: expect.any(Number) });
    expect(await ask(server.port, '/digits.txt')).toMatchObject({ status: 200 });
  });

  test('speaks HTTP/2 with --http2', async () => {
    await using server = await runServer([...args, '--http2']);
    const session = http2.connect(`https://127.0.0.1:${server.port}`, { ca });
    const bodies = await Promise.all(
      ['/', '/docs/', '/big.bin'].map((path) => buffer(session.request({ ':path': path }))),
    );
    expect(bodies.map((body) => body.length)).toEqual([34, 34, 3_000_000]);
    const closed = once(session, 'close');
    session.close();
    await closed;
    expect(await ask(server.port, '/')).toMatchObject({ status: 200 });
    expect(server.stderr()).toMatch(new RegExp(`^127.0.0.1 "GET /" 200 HTTP/2.0 TLSv1.3 ${backend}$`, 'm'));
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s lets the request under way end, then ends with exit code 0',
    async (signal) => {
      await using server = await runServer(args);
      const agent = new https.Agent({ keepAlive: true });
      const idle = await ask(server.port, '/', { agent });
      expect(idle.status).toBe(200);
      const request = https.request({ host: '127.0.0.1', port: server.port, path: '/big.bin', ca, agent }).end();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      const ended = server.stop(signal);
      expect((await buffer(response)).length).toBe(3_000_000);
      expect(await ended).toBe(0);
      agent.destroy();
    },
  );
});

describe('https-server', () => {
  const args = [
    files.site,
    '--cert',
    files.chain,
    '--key',
    files.key,
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--backend',
    'pure',
  ];

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/docs/..%5c..%5csecret.txt',
    '/../site-secret/secret.txt',
    '//../secret.txt',
    '/link-out.txt',
    '/folder-out/secret.txt',
    '/.env',
    '/%2eenv',
    '/digits.txt/',
    '/no-such-file',
    '/docs/empty/',
    '/digits.txt%00.html',
    '/%zz',
  ])('gives nothing out for %s', async (path) => {
    await using server = await runServer(args);
    const { status, body } = await ask(server.port, path);
    expect([400, 404]).toContain(status);
    expect(body).not.toContain('secret');
  });

  test('redirects a folder to its slash, and to no other host', async () => {
    await using server = await runServer(args);
    expect(await ask(server.port, '/docs')).toMatchObject({ status: 301, headers: { location: '/docs/' } });
    expect(await ask(server.port, '//docs')).toMatchObject({ status: 301, headers: { location: '/docs/' } });
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])(
    'answers %s with 405 and what is allowed (RFC 9110 §15.5.6)',
    async (method) => {
      await using server = await runServer(args);
      expect(await ask(server.port, '/', { method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    },
  );

  test('lists folders without an index with --listing, and escapes names', async () => {
    await using server = await runServer([...args, '--listing']);
    const { status, body, headers } = await ask(server.port, '/docs/empty/');
    expect(status).toBe(200);
    expect(body).toContain('<a href="./%3Cb%3E%26.txt">&#60;b&#62;&#38;.txt</a>');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(await ask(server.port, '/')).toMatchObject({ body: expect.stringContaining('home') });
  });

  test.each([
    ['no certificate', [files.site, '--key', files.key], 2],
    ['a port out of range', [files.site, '--cert', files.chain, '--key', files.key, '--port', '70000'], 2],
    ['a certificate file that is not there', [files.site, '--cert', '/no/such/file', '--key', files.key], 1],
    ['a key that is none', [files.site, '--cert', files.chain, '--key', files.chain, '--backend', 'pure'], 1],
    ['a folder that is not there', ['/no/such/folder', ...args.slice(1)], 1],
  ])('%s: says so, and ends with an exit code', async (_fault, wrong, exitCode) => {
    const ended = await runToEnd(wrong);
    expect(ended.stderr).not.toBe('');
    expect(ended.exitCode).toBe(exitCode);
  });
});
