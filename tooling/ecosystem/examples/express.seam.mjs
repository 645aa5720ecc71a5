// express behind our server, asked by curl.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { createHttpsServer } from '@org/tls-core/http';
import express from 'express';

const [certificateChain, privateKey] = ['CERT', 'KEY'].map((name) => readFileSync(process.env[name], 'utf8'));
const app = express().get('/', (request, response) => response.send(`hello from express, ${request.protocol}`));
const server = await createHttpsServer({ tls: { identity: { certificateChain, privateKey } }, http2: false }, app);
await once(server.listen(0, '127.0.0.1'), 'listening');

const url = `https://localhost:${server.address().port}/`;
console.log((await promisify(execFile)('curl', ['-sS', '--cacert', process.env.CA, url])).stdout);
server.close();
