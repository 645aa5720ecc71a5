// https-proxy-agent: TLS through a tunnel that a proxy has made.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { json } from 'node:stream/consumers';
import { HttpsProxyAgent } from 'https-proxy-agent';

const agent = new HttpsProxyAgent(process.env.PROXY);
const options = { method: 'POST', agent, ca: readFileSync(process.env.CA) };
const response = await new Promise((resolve, reject) => {
  request(`https://localhost:${process.env.PORT}/`, options, resolve)
    .on('error', reject)
    .end(JSON.stringify({ greeting: 'hello through a proxy' }));
});
console.log((await json(response)).greeting);
