// express behind Node's https server, asked by curl.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { promisify } from 'node:util';
import express from 'express';

const app = express().get('/', (request, response) => response.send(`hello from express, ${request.protocol}`));
const server = createServer({ cert: readFileSync(process.env.CERT), key: readFileSync(process.env.KEY) }, app);
await once(server.listen(0, '127.0.0.1'), 'listening');

const url = `https://localhost:${server.address().port}/`;
console.log((await promisify(execFile)('curl', ['-sS', '--cacert', process.env.CA, url])).stdout);
server.close();
