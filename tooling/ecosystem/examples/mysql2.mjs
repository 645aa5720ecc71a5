// mysql2 over TLS, which MariaDB begins inside its own protocol.
import { readFileSync } from 'node:fs';
import mysql from 'mysql2/promise';

const connection = await mysql.createConnection({
  host: 'localhost',
  port: Number(process.env.PORT),
  user: 'app',
  password: 'secret',
  ssl: { ca: readFileSync(process.env.CA, 'utf8'), verifyIdentity: true },
});
const [rows] = await connection.execute('SELECT ? AS greeting', ['hello from mariadb']);
console.log(rows[0].greeting);
await connection.end();
