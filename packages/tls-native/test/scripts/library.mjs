// Says which library a process uses, and what becomes of Node's own contexts beside it.
//   node test/scripts/library.mjs OPTIONS…        each argument is the JSON of a call's options; prints one line of JSON
import { createServer, connect, getCiphers } from 'node:tls';
import { createBackend, nativeLibrary } from '../../dist/index.js';

const before = getCiphers().join();
const answers = process.argv.slice(2).map((options) => {
  try {
    const { securityLevel, ...which } = JSON.parse(options);
    const { version, path, ofNode, hasSystemTrust, groups, policy } = nativeLibrary(which);
    const backend = createBackend({ ...which, securityLevel });
    backend.createClientContext({ trust: 'system' });
    const weak = process.env.WEAK_IDENTITY;
    if (weak !== undefined) backend.createServerContext({ identity: JSON.parse(weak) });
    return { version, path, ofNode, hasSystemTrust, groups, fips: policy.fips };
  } catch (error) {
    return { error: error.code ?? error.name, message: error.message };
  }
});
console.log(JSON.stringify({ answers, isNodeAsBefore: getCiphers().join() === before, spoken: await speak() }));

/** Has Node's own TLS do a handshake in this process. */
async function speak() {
  const { key, cert } = JSON.parse(process.env.IDENTITY);
  const server = createServer({ key, cert }, (socket) => socket.end('x')).listen(0);
  await new Promise((resolve) => server.once('listening', resolve));
  const socket = connect({ port: server.address().port, ca: cert, servername: 'localhost', host: '127.0.0.1' });
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  const spoken = socket.getProtocol();
  await new Promise((resolve) => socket.resume().once('close', resolve));
  server.close();
  return spoken;
}
