// What a stranger writes first: an echo server, a client, a fetch, and node:tls's own interface, over the backend that `TLS_BACKEND` chooses. It is copied
// into a project that has installed the packages, beside cert.pem and key.pem. It prints a line for each connection: interface, protocol, backend.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createHttpClient, securityOf } from '@org/http-client';
import { connect as connectAsNode } from '@org/node-tls';
import { createHttpsServer } from '@org/tls-core/http';
import { connect, createServer } from '@org/tls-core/node';

const trust = readFileSync(new URL('cert.pem', import.meta.url), 'utf8');
const identity = { certificateChain: trust, privateKey: readFileSync(new URL('key.pem', import.meta.url), 'utf8') };

const echo = await createServer({ tls: { identity } }, (socket) => socket.pipe(socket));
const site = await createHttpsServer({ tls: { identity } }, (_request, response) => response.end('a page'));
for (const server of [echo, site]) {
  server.listen(0, 'localhost');
  await once(server, 'listening');
}

const socket = await connect({ host: 'localhost', port: echo.address().port, tls: { trust } });
await echoed(socket);
report('connect', socket.info);

const client = createHttpClient({ tls: { trust } });
const response = await client.fetch(`https://localhost:${site.address().port}/`);
if ((await response.text()) !== 'a page') throw new Error('the page is another one');
report('fetch', securityOf(response));
await client.close();

const secure = connectAsNode({ host: 'localhost', port: echo.address().port, servername: 'localhost', ca: trust });
await once(secure, 'secureConnect');
await echoed(secure);
report('node-tls', secure.info);

echo.close();
site.close();

async function echoed(stream) {
  stream.end('again');
  let text = '';
  for await (const chunk of stream) text += chunk.toString();
  if (text !== 'again') throw new Error(`the server says ${JSON.stringify(text)}`);
}

function report(name, info) {
  console.log(name, info?.protocol, info?.backend);
}
