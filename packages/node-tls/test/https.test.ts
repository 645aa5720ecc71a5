import { once } from 'node:events';
import http from 'node:http';
import { Agent as NodeAgent } from 'node:https';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import * as https from '../src/https.ts';
import { Server as TlsServer, TLSSocket } from '../src/index.ts';
import { backends, close, leaf, listen, root, serverOptions } from './support.ts';

const named = await root.issue({ names: ['other.example'] });

describe.each(backends)('https over %s', (_name, backend) => {
  test('createServer and get talk over this package, and the request knows its connection', async () => {
    const server = https.createServer({ ...serverOptions, backend }, (request, response) => {
      response.end(`${request.method} ${request.url} ${request.socket instanceof TLSSocket}`);
    });
    const port = await listen(server);
    const request = https.get(`https://localhost:${port}/path`, { ca: root.certificatePem, backend, agent: false });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    expect(response.socket).toBeInstanceOf(TLSSocket);
    expect(await text(response)).toBe('GET /path true');
    await close(server);
  });

  test('request sends a body, and Agent keeps the connection and its session', async () => {
    const server = https.createServer({ ...serverOptions, backend }, (request, response) => request.pipe(response));
    const port = await listen(server);
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1, backend, ca: root.certificatePem });
    const sockets = new Set<Socket>();
    for (const body of ['first', 'second']) {
      const request = https.request({ host: 'localhost', port, method: 'POST', agent });
      request.end(body);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      sockets.add(response.socket);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await text(response)).toBe(body);
    }
    expect(sockets.size).toBe(1);
    agent.destroy();
    await close(server);
  });

  test('Server is Node’s https.Server, also for tls.Server, and has the methods of a TLS server', async () => {
    const server = new https.Server({ ...serverOptions, backend });
    expect(server).toBeInstanceOf(TlsServer);
    expect(server).toBeInstanceOf(https.Server);
    server.addContext('other.example', { cert: named.chainPem, key: named.privateKeyPem });
    expect(server.getTicketKeys()).toHaveLength(48);
    server.on('request', (_request, response) => response.end('named'));
    const port = await listen(server);
    const request = https.get({
      host: 'localhost',
      port,
      servername: 'other.example',
      ca: root.certificatePem,
      backend,
      agent: false,
    });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    expect(await text(response)).toBe('named');
    server.setSecureContext({ cert: leaf.chainPem, key: leaf.privateKeyPem });
    await close(server);
  });

  test('clientError tells of a failed handshake', async () => {
    const server = https.createServer({ ...serverOptions, backend });
    const port = await listen(server);
    const failed = once(server, 'clientError') as Promise<[Error, TLSSocket]>;
    http.get({ host: '127.0.0.1', port }).on('error', () => undefined);
    const [error, socket] = await failed;
    expect(error).toMatchObject({ code: 'ERR_SSL_HTTP_REQUEST' });
    socket.destroy();
    await close(server);
  });
});

test('globalAgent is ours', () => {
  expect(https.globalAgent).toBeInstanceOf(https.Agent);
  expect(https.globalAgent).toBeInstanceOf(NodeAgent);
});
