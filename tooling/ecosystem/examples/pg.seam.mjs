// pg over a TlsSocket that its option `stream` hands over.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { clientContext, secure, whenSecure } from '@org/tls-core/node';
import { Client } from 'pg';

const context = await clientContext({ trust: readFileSync(process.env.CA, 'utf8') });
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

const transport = connect(Number(process.env.PORT), 'localhost');
transport.write(sslRequest);
const [answer] = await once(transport, 'data');
if (String(answer) !== 'S') throw new Error('the server has no TLS');
const socket = secure(transport, { context, serverName: 'localhost' });
await whenSecure(socket);
// pg connects its stream itself, which is done already.
socket.connect = () => queueMicrotask(() => socket.emit('connect'));

const client = new Client({ stream: () => socket, user: 'postgres', database: 'postgres' });
await client.connect();
const { rows } = await client.query('SELECT $1 AS greeting FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl', [
  'hello from postgresql',
]);
console.log(rows[0].greeting);
await client.end();
