// node-fetch over TlsSockets of an agent.
import { readFileSync } from 'node:fs';
import { createHttpsAgent } from '@org/tls-core/http';
import fetch from 'node-fetch';

const agent = await createHttpsAgent({ tls: { trust: readFileSync(process.env.CA, 'utf8') } });
const body = JSON.stringify({ greeting: 'hello over https' });
const response = await fetch(`https://localhost:${process.env.PORT}/`, { method: 'POST', body, agent });
console.log((await response.json()).greeting);
