// ws as the server behind our server, and as the client over TlsSockets of an agent.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createHttpsAgent, createHttpsServer } from '@org/tls-core/http';
import { WebSocket, WebSocketServer } from 'ws';

const [certificateChain, privateKey, trust] = ['CERT', 'KEY', 'CA'].map((name) =>
  readFileSync(process.env[name], 'utf8'),
);
const server = await createHttpsServer({ tls: { identity: { certificateChain, privateKey } } });
new WebSocketServer({ server }).on('connection', (peer) => peer.on('message', (text) => peer.send(`${text} by ws`)));
await once(server.listen(0, '127.0.0.1'), 'listening');

const agent = await createHttpsAgent({ tls: { trust } });
const client = new WebSocket(`wss://localhost:${server.address().port}`, { agent });
await once(client, 'open');
client.send('hello');
const [answer] = await once(client, 'message');
console.log(String(answer));
client.close();
await once(client, 'close');
server.close();
