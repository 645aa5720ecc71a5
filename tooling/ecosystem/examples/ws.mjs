// ws as the server and the client, over TLS.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { WebSocket, WebSocketServer } from 'ws';

const server = createServer({ cert: readFileSync(process.env.CERT), key: readFileSync(process.env.KEY) });
new WebSocketServer({ server }).on('connection', (peer) => peer.on('message', (text) => peer.send(`${text} by ws`)));
await once(server.listen(0, '127.0.0.1'), 'listening');

const client = new WebSocket(`wss://localhost:${server.address().port}`, { ca: readFileSync(process.env.CA) });
await once(client, 'open');
client.send('hello');
const [answer] = await once(client, 'message');
console.log(String(answer));
client.close();
await once(client, 'close');
server.close();
