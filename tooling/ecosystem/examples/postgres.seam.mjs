// postgres.js over TlsSockets that its option `socket` hands over.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { clientContext, secure, whenSecure } from '@org/tls-core/node';
import postgres from 'postgres';

const context = await clientContext({ trust: readFileSync(process.env.CA, 'utf8') });
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

async function securedSocket() {
  const transport = connect(Number(process.env.PORT), 'localhost');
  transport.write(sslRequest);
  const [answer] = await once(transport, 'data');
  if (String(answer) !== 'S') throw new Error('the server has no TLS');
  const socket = secure(transport, { context, serverName: 'localhost' });
  await whenSecure(socket);
  return socket;
}

const sql = postgres({ socket: securedSocket, user: 'postgres', database: 'postgres' });
const greeting = 'hello from postgresql';
const [row] = await sql`SELECT ${greeting}::text AS greeting FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl`;
console.log(row.greeting);
await sql.end();
