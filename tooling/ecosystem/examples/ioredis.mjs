// ioredis over TLS.
import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';

const client = new Redis({
  host: 'localhost',
  port: Number(process.env.PORT),
  retryStrategy: () => null,
  tls: { ca: readFileSync(process.env.CA) },
});
await client.set('greeting', 'hello from redis');
console.log(await client.get('greeting'));
await client.quit();
