// postgres.js over TLS, which PostgreSQL begins inside its own protocol.
import { readFileSync } from 'node:fs';
import postgres from 'postgres';

const sql = postgres({
  host: 'localhost',
  port: Number(process.env.PORT),
  user: 'postgres',
  database: 'postgres',
  ssl: { ca: readFileSync(process.env.CA, 'utf8') },
});
const greeting = 'hello from postgresql';
const [row] = await sql`SELECT ${greeting}::text AS greeting FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl`;
console.log(row.greeting);
await sql.end();
