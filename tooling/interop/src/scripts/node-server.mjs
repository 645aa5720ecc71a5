// Nothing of ours in it: `node node-server.mjs CHAIN KEY [1.2|1.3]`.
import { readFileSync } from 'node:fs';
import https from 'node:https';

const [chain, key, version] = process.argv.slice(2);
const versions = version ? { minVersion: `TLSv${version}`, maxVersion: `TLSv${version}` } : {};
const server = https.createServer(
  { cert: readFileSync(chain), key: readFileSync(key), ...versions },
  (_request, response) => response.end('hello from node\n'),
);
server.listen(0, '127.0.0.1', () => console.log(`LISTENING ${server.address().port}`));
