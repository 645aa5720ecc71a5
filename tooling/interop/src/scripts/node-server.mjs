// It uses nothing of ours: `node node-server.mjs CHAIN KEY VERSION CLIENT-CA CURVE`; each of the last three may be empty.
import { readFileSync } from 'node:fs';
import https from 'node:https';

const [chain, key, version, clientCa, ecdhCurve] = process.argv.slice(2);
const server = https.createServer(
  {
    cert: readFileSync(chain),
    key: readFileSync(key),
    ...(version && { minVersion: `TLSv${version}`, maxVersion: `TLSv${version}` }),
    ...(clientCa && { ca: readFileSync(clientCa), requestCert: true }),
    ...(ecdhCurve && { ecdhCurve }),
  },
  (_request, response) => response.end('hello from node\n'),
);
server.listen(0, '127.0.0.1', () => console.log(`LISTENING ${server.address().port}`));
