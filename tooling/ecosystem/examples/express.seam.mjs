// express behind our server, whose TlsSockets a server of node:http is given. curl asks.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { promisify } from 'node:util';
import { createServer } from '@org/tls-core/node';
import express from 'express';

const app = express().get('/', (request, response) => response.send(`hello from express, ${request.protocol}`));
const pages = createHttpServer(app);
const identity = {
  certificateChain: readFileSync(process.env.CERT, 'utf8'),
  privateKey: readFileSync(process.env.KEY, 'utf8'),
};
const tls = { identity, alpnProtocols: ['http/1.1'] };
const server = await createServer({ tls }, (socket) => pages.emit('connection', socket));
await once(server.listen(0, '127.0.0.1'), 'listening');

const url = `https://localhost:${server.address().port}/`;
console.log((await promisify(execFile)('curl', ['-sS', '--cacert', process.env.CA, url])).stdout);
server.close();
