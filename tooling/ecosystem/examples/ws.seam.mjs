// ws as the server behind our server, and as the client over what its option `createConnection` hands over.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { connect } from 'node:net';
import { clientContext, createServer, secure } from '@org/tls-core/node';
import { WebSocket, WebSocketServer } from 'ws';

const pages = createHttpServer();
new WebSocketServer({ server: pages }).on('connection', (peer) => {
  peer.on('message', (text) => peer.send(`${text} by ws`));
});
const identity = {
  certificateChain: readFileSync(process.env.CERT, 'utf8'),
  privateKey: readFileSync(process.env.KEY, 'utf8'),
};
const server = await createServer({ tls: { identity } }, (socket) => pages.emit('connection', socket));
await once(server.listen(0, '127.0.0.1'), 'listening');

const context = await clientContext({ trust: readFileSync(process.env.CA, 'utf8') });
const client = new WebSocket(`wss://localhost:${server.address().port}`, {
  createConnection: ({ host, port }) => secure(connect(port, host), { context, serverName: host }),
});
await once(client, 'open');
client.send('hello');
const [answer] = await once(client, 'message');
console.log(String(answer));
client.close();
await once(client, 'close');
server.close();
