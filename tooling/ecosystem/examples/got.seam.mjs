// got over TlsSockets of an agent.
import { readFileSync } from 'node:fs';
import { createHttpsAgent } from '@org/tls-core/http';
import { got } from 'got';

const agent = await createHttpsAgent({ tls: { trust: readFileSync(process.env.CA, 'utf8') } });
const answer = await got
  .post(`https://localhost:${process.env.PORT}/`, {
    json: { greeting: 'hello over https' },
    agent: { https: agent },
  })
  .json();
console.log(answer.greeting);
