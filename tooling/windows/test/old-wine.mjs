// The client under Wine 8, where vitest does not load: TLS 1.2 with openssl s_server outside.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { test } from 'node:test';
import { createRoot } from '@org/pki';
import { connect } from '@org/tls-core/node';
import { createBackend } from '@org/tls-native';

const backend = createBackend();
const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const { chainPem: chain, privateKeyPem: key } = leaf;
const { port } = await ask('/start', {
  args: ['s_server', '-accept', '127.0.0.1:0', '-rev', '-tls1_2', '-cert', '{chain}', '-key', '{key}', '-alpn', 'h2'],
  files: { chain, key },
  ready: String.raw`^ACCEPT \S+:(\d+)$`,
});

function connectTo(tls, serverName = 'localhost') {
  return connect({ host: '127.0.0.1', port, serverName, tls: { backend, maxVersion: 'TLSv1.2', ...tls } });
}

void test('speaks with openssl s_server over TLS 1.2', async () => {
  const socket = await connectTo({ trust: root.certificatePem, alpnProtocols: ['h2'] });
  assert.equal(socket.info.protocol, 'TLSv1.2');
  assert.equal(socket.alpnProtocol, 'h2');
  socket.setEncoding('utf8').write('desserts\n');
  assert.deepEqual(await once(socket, 'data'), ['stressed\n']);
  socket.destroy();
});

void test('refuses a certificate of another CA', async () => {
  const { certificatePem: trust } = await createRoot();
  await assert.rejects(connectTo({ trust }), { code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER' });
});

void test('refuses a certificate of another name', async () => {
  await assert.rejects(connectTo({ trust: root.certificatePem }, 'elsewhere.test'), {
    code: 'ERR_TLS_CERTIFICATE_NAME',
  });
});

/** Not by fetch: its connect fails there. */
async function ask(path, body) {
  const request = httpRequest(process.env.PEER_HOST + path, { method: 'POST' });
  request.end(JSON.stringify(body));
  const [response] = await once(request, 'response');
  assert.equal(response.statusCode, 200);
  return JSON.parse(Buffer.concat(await response.toArray()).toString());
}
