// A handshake in memory over the installed package, with PEMS from the environment. It is copied into the project that has installed it.
// Prints one line of JSON.
import { createBackend, nativeLibrary } from '@org/tls-native';

const { root, chain, key } = JSON.parse(process.env.PEMS);
const backend = createBackend();

function sink() {
  const outgoing = [];
  const nothing = () => {};
  const told = { outgoing, ciphertext: (batch) => outgoing.push(batch), plaintext: nothing, session: nothing };
  return Object.assign(told, {
    keyLog: nothing,
    closed: nothing,
    handshake(info) {
      told.info = info;
    },
    failed(error) {
      throw error;
    },
  });
}

const [clientSink, serverSink] = [sink(), sink()];
const identity = { certificateChain: chain, privateKey: key };
const server = backend.createServerContext({ identity }).createEngine(serverSink);
const client = backend.createClientContext({ trust: root }).createEngine({ serverName: 'localhost' }, clientSink);
server.start();
client.start();
while (clientSink.outgoing.length + serverSink.outgoing.length > 0) {
  for (const batch of clientSink.outgoing.splice(0)) server.receive(batch);
  for (const batch of serverSink.outgoing.splice(0)) client.receive(batch);
}
const { protocol, implementation } = clientSink.info;
const { path, version } = nativeLibrary();
console.log(JSON.stringify({ path, version, implementation, ofNode: process.versions.openssl, protocol }));
