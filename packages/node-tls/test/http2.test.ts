import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import * as http2 from '../src/http2.ts';
import * as https from '../src/https.ts';
import { backends, close, listen, root, serverOptions } from './support.ts';

describe.each(backends)('http2 over %s', (_name, backend) => {
  test('createSecureServer and connect talk over this package, and both sessions know that they are encrypted', async () => {
    const server = http2.createSecureServer({ ...serverOptions, backend }, (request, response) => {
      response.end(`${request.httpVersion} ${(request.socket as { encrypted?: boolean }).encrypted}`);
    });
    const session = http2.connect(`https://localhost:${await listen(server)}`, { ca: root.certificatePem, backend });
    const stream = session.request({ ':path': '/' });
    expect(await text(stream)).toBe('2.0 true');
    expect(session.encrypted).toBe(true);
    expect(session.alpnProtocol).toBe('h2');
    session.close();
    await close(server);
  });

  test('a large body comes whole', async () => {
    const body = 'x'.repeat(1_000_000);
    const server = http2.createSecureServer({ ...serverOptions, backend }, (_request, response) => response.end(body));
    const session = http2.connect(`https://localhost:${await listen(server)}`, { ca: root.certificatePem, backend });
    expect(await text(session.request({ ':path': '/' }))).toBe(body);
    session.close();
    await close(server);
  });

  test('allowHTTP1 answers a client of HTTP/1 too', async () => {
    const options = { ...serverOptions, backend, allowHTTP1: true };
    const server = http2.createSecureServer(options, (request, response) => response.end(request.httpVersion));
    const port = await listen(server);
    const request = https.get({ host: 'localhost', port, ca: root.certificatePem, backend, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(await text(response)).toBe('1.1');
    await close(server);
  });

  test('a server that is not trusted is an error of the session', async () => {
    const server = http2.createSecureServer({ ...serverOptions, backend });
    const session = http2.connect(`https://localhost:${await listen(server)}`, { backend });
    const [error] = (await once(session, 'error')) as [Error];
    expect(error).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    await close(server);
  });
});
