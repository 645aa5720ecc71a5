// node-redis over TLS.
import { readFileSync } from 'node:fs';
import { createClient } from 'redis';

const client = createClient({
  socket: {
    host: 'localhost',
    port: Number(process.env.PORT),
    tls: true,
    ca: readFileSync(process.env.CA),
    reconnectStrategy: false,
  },
});
await client.connect();
await client.set('greeting', 'hello from redis');
console.log(await client.get('greeting'));
await client.close();
