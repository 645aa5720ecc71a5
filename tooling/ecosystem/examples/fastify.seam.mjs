// fastify over our server, which its option `serverFactory` makes. curl asks.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { createHttpsServer } from '@org/tls-core/http';
import { fastify } from 'fastify';

const [certificateChain, privateKey] = ['CERT', 'KEY'].map((name) => readFileSync(process.env[name], 'utf8'));
const server = await createHttpsServer({ tls: { identity: { certificateChain, privateKey } }, http2: false });
const app = fastify({ serverFactory: (handler) => server.on('request', handler) });
app.get('/', (request, reply) => reply.send(`hello from fastify, ${request.protocol}`));
await app.listen({ port: 0, host: '127.0.0.1' });

const url = `https://localhost:${app.server.address().port}/`;
console.log((await promisify(execFile)('curl', ['-sS', '--cacert', process.env.CA, url])).stdout);
await app.close();
