// undici over TlsSockets that its option `connect` hands over.
import { readFileSync } from 'node:fs';
import { clientContext, connect } from '@org/tls-core/node';
import { Agent, request } from 'undici';

const tls = await clientContext({ trust: readFileSync(process.env.CA, 'utf8'), alpnProtocols: ['http/1.1'] });
const dispatcher = new Agent({
  connect: ({ hostname, port }, callback) => {
    connect({ host: hostname, port: Number(port || 443), tls }).then((socket) => callback(null, socket), callback);
  },
});
const { body } = await request(`https://localhost:${process.env.PORT}/`, {
  method: 'POST',
  body: JSON.stringify({ greeting: 'hello over https' }),
  dispatcher,
});
console.log((await body.json()).greeting);
await dispatcher.close();
