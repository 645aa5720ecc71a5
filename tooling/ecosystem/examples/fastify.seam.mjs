// fastify over our server, which its option `serverFactory` makes. curl asks.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { promisify } from 'node:util';
import { createServer } from '@org/tls-core/node';
import { fastify } from 'fastify';

const identity = {
  certificateChain: readFileSync(process.env.CERT, 'utf8'),
  privateKey: readFileSync(process.env.KEY, 'utf8'),
};
const server = await createServer({ tls: { identity, alpnProtocols: ['http/1.1'] } });
const app = fastify({
  serverFactory: (handler) => {
    const pages = createHttpServer(handler);
    return server.on('secureConnection', (socket) => pages.emit('connection', socket));
  },
});
app.get('/', (request, reply) => reply.send(`hello from fastify, ${request.protocol}`));
await app.listen({ port: 0, host: '127.0.0.1' });

const url = `https://localhost:${server.address().port}/`;
console.log((await promisify(execFile)('curl', ['-sS', '--cacert', process.env.CA, url])).stdout);
await app.close();
