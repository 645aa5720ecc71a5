// fastify with its option `https`, asked by curl.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { fastify } from 'fastify';

const app = fastify({ https: { cert: readFileSync(process.env.CERT), key: readFileSync(process.env.KEY) } });
app.get('/', (request, reply) => reply.send(`hello from fastify, ${request.protocol}`));
await app.listen({ port: 0, host: '127.0.0.1' });

const url = `https://localhost:${app.server.address().port}/`;
console.log((await promisify(execFile)('curl', ['-sS', '--cacert', process.env.CA, url])).stdout);
await app.close();
