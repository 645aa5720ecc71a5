// ky over the fetch of @org/http-client.
import { readFileSync } from 'node:fs';
import { createHttpClient } from '@org/http-client';
import ky from 'ky';

const client = createHttpClient({ tls: { trust: readFileSync(process.env.CA, 'utf8') } });
const secured = ky.create({ fetch: (input, init) => client.fetch(input, init) });
const answer = await secured.post(`https://localhost:${process.env.PORT}/`, { json: { greeting: 'hello over https' } });
console.log((await answer.json()).greeting);
await client.close();
