// A server that uses nothing of ours: `node node-peer.js https|http2 CHAIN.pem KEY.pem`.
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import process from 'node:process';

const [kind, chainFile = '', keyFile = ''] = process.argv.slice(2);
const identity = { cert: readFileSync(chainFile), key: readFileSync(keyFile) };
const page = `hello from node:${kind}, Node ${process.version}\n`;
const server =
  kind === 'http2'
    ? http2.createSecureServer(identity, (_request, response) => void response.end(page))
    : https.createServer(identity, (_request, response) => void response.end(page));
server.listen({ host: '127.0.0.1', port: 0 }, () => {
  process.stdout.write(`ACCEPT ${(server.address() as AddressInfo).port}\n`);
});
