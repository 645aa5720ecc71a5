// undici over TLS.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';

const dispatcher = new Agent({ connect: { ca: readFileSync(process.env.CA) } });
const { body } = await request(`https://localhost:${process.env.PORT}/`, {
  method: 'POST',
  body: JSON.stringify({ greeting: 'hello over https' }),
  dispatcher,
});
console.log((await body.json()).greeting);
await dispatcher.close();
