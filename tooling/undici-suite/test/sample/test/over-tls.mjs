// A file of tests as undici has them, for the harness itself. Its server is Node's own; CERT, KEY and CA are PEM.
import { ok, rejects, strictEqual } from 'node:assert';
import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { after, describe, test } from 'node:test';
import undici from '../index.js';

const { Client, Pool } = undici;
const { CERT: cert, KEY: key, CA: ca } = process.env;

async function start() {
  const server = createSecureServer({ cert, key, allowHTTP1: true }, (request, response) => {
    response.end(`${request.httpVersion} ${request.socket.servername} ${request.socket.isSessionReused()}`);
  });
  server.listen(0);
  await once(server, 'listening');
  after(() => server.close());
  return `https://localhost:${server.address().port}`;
}

async function ask(client) {
  const { body } = await client.request({ path: '/', method: 'GET' });
  return body.text();
}

void describe('a client', () => {
  void test('speaks HTTP/1.1', async () => {
    const client = new Client(await start(), { connect: { ca } });
    strictEqual(await ask(client), '1.1 localhost false');
    await client.close();
  });

  void test('speaks HTTP/2', async () => {
    const client = new Client(await start(), { connect: { ca }, allowH2: true });
    strictEqual(await ask(client), '2.0 localhost false');
    await client.close();
  });

  void test('trusts nobody unasked', async () => {
    const client = new Client(await start());
    await rejects(ask(client));
    await client.close();
  });

  void test('trusts anybody where it is told so', async () => {
    const client = new Client(await start(), { connect: { rejectUnauthorized: false } });
    strictEqual(await ask(client), '1.1 localhost false');
    await client.close();
  });
});

void test('a pool resumes sessions', async () => {
  const pool = new Pool(await start(), { connect: { ca }, connections: 1, pipelining: 0 });
  strictEqual(await ask(pool), '1.1 localhost false');
  strictEqual(await ask(pool), '1.1 localhost true');
  await pool.close();
});

void test('nothing is hidden from a test that fails', () => {
  ok(process.env.UNDICI_SUITE_BY === 'undici', 'it is not undici’s own');
});

void test('what is skipped says nothing', { skip: true }, () => {});
