// pg over TLS, which PostgreSQL begins inside its own protocol.
import { readFileSync } from 'node:fs';
import { Client } from 'pg';

const client = new Client({
  host: 'localhost',
  port: Number(process.env.PORT),
  user: 'postgres',
  database: 'postgres',
  ssl: { ca: readFileSync(process.env.CA, 'utf8') },
});
await client.connect();
const { rows } = await client.query('SELECT $1 AS greeting FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl', [
  'hello from postgresql',
]);
console.log(rows[0].greeting);
await client.end();
