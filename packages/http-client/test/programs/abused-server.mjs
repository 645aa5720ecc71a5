// An HTTPS server behind a relay of TCP, which ends connections in the way that the path says. It prints the relay's port. CERT and KEY are PEM.
import { once } from 'node:events';
import https from 'node:https';
import net from 'node:net';

/** The clients' connections by the port that the server sees. */
const relayed = new Map();

const server = https.createServer({ cert: process.env.CERT, key: process.env.KEY }, (request, response) => {
  request.resume();
  const client = relayed.get(request.socket.remotePort);
  if (request.url === '/answers') {
    response.end('all');
    return;
  }
  if (request.url === '/cuts') {
    client?.destroy();
    return;
  }
  response.write('some');
  if (request.url === '/resets') client?.resetAndDestroy();
  if (request.url === '/half-closes') client?.end();
});
server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
await once(server, 'listening');

const relay = net.createServer((client) => {
  const onward = net.connect(server.address().port, '127.0.0.1');
  onward.on('connect', () => {
    const { localPort } = onward;
    relayed.set(localPort, client);
    onward.on('close', () => relayed.delete(localPort));
  });
  for (const [one, other] of [
    [client, onward],
    [onward, client],
  ]) {
    one.on('error', () => undefined).on('close', () => other.destroy());
    one.pipe(other);
  }
});
relay.listen(0, '127.0.0.1', () => process.stdout.write(`${relay.address().port}\n`));
