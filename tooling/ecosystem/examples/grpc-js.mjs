// grpc-js as the server and the client, over TLS.
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { ChannelCredentials, ServerCredentials } from '@grpc/grpc-js';
import { createGreeterServer, Greeter } from './greeter.mjs';

const server = createGreeterServer();
const pair = { cert_chain: readFileSync(process.env.CERT), private_key: readFileSync(process.env.KEY) };
const port = await promisify(server.bindAsync.bind(server))('127.0.0.1:0', ServerCredentials.createSsl(null, [pair]));

const client = new Greeter(`localhost:${port}`, ChannelCredentials.createSsl(readFileSync(process.env.CA)));
console.log(await promisify(client.greet.bind(client))('over grpc'));
client.close();
await promisify(server.tryShutdown.bind(server))();
