// A handshake in memory between a client that is one file and a server of the unpacked package, with PEMS from the environment:
// node bundled-handshake.mjs CLIENT SERVER, both of which are files. Prints one line of JSON.
import { pathToFileURL } from 'node:url';

const [client, server] = await Promise.all(process.argv.slice(2).map((file) => import(pathToFileURL(file).href)));
const { root, chain, key } = JSON.parse(process.env.PEMS);

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
const page = client.createClientBackend({ crypto: client.classicalNobleCrypto });
const identity = { certificateChain: chain, privateKey: key };
const ofServer = server.createBackend().createServerContext({ identity }).createEngine(serverSink);
const ofClient = page.createClientContext({ trust: root }).createEngine({ serverName: 'localhost' }, clientSink);
ofServer.start();
ofClient.start();
while (clientSink.outgoing.length + serverSink.outgoing.length > 0) {
  for (const batch of clientSink.outgoing.splice(0)) ofServer.receive(batch);
  for (const batch of serverSink.outgoing.splice(0)) ofClient.receive(batch);
}
const { protocol, group } = clientSink.info;
console.log(JSON.stringify({ protocol, group }));
