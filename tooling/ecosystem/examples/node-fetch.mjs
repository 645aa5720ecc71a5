// node-fetch over TLS.
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import fetch from 'node-fetch';

const agent = new Agent({ ca: readFileSync(process.env.CA) });
const body = JSON.stringify({ greeting: 'hello over https' });
const response = await fetch(`https://localhost:${process.env.PORT}/`, { method: 'POST', body, agent });
console.log((await response.json()).greeting);
