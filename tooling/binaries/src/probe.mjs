// Runs in the root of another system, over the package as it is published: handshakes of the native backend with tls-pure, in both roles, and of
// tls-pure over the native cryptography with itself. It prints one line of JSON: which binary and which OpenSSL did that.
import { readFileSync } from 'node:fs';
import { createRoot } from '@org/pki';
import { createBackend as createNative, nativeLibrary } from '@org/tls-native';
import { nativeCrypto, nativeCryptoLibrary } from '@org/tls-native/crypto';
import { createBackend as createPure } from '@org/tls-pure';

const root = await createRoot();
const { chainPem, privateKeyPem } = await root.issue({ names: ['localhost'] });

function sink() {
  const outgoing = [];
  const nothing = () => undefined;
  const told = {
    outgoing,
    ciphertext: (batch) => outgoing.push(batch),
    plaintext: nothing,
    session: nothing,
    keyLog: nothing,
    closed: nothing,
    handshake: (info) => {
      told.protocol = info.protocol;
    },
    failed: (error) => {
      throw error;
    },
  };
  return told;
}

async function handshake(clientBackend, serverBackend) {
  const [clientSink, serverSink] = [sink(), sink()];
  const identity = { certificateChain: chainPem, privateKey: privateKeyPem };
  const server = serverBackend.createServerContext({ identity }).createEngine(serverSink);
  const trust = root.certificatePem;
  const client = clientBackend.createClientContext({ trust }).createEngine({ serverName: 'localhost' }, clientSink);
  server.start();
  client.start();
  while (clientSink.outgoing.length + serverSink.outgoing.length > 0) {
    for (const batch of clientSink.outgoing.splice(0)) server.receive(batch);
    for (const batch of serverSink.outgoing.splice(0)) client.receive(batch);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return [clientSink.protocol, serverSink.protocol];
}

const [native, pure, pureOverNative] = [createNative(), createPure(), createPure({ crypto: nativeCrypto })];
const protocols = [
  ...(await handshake(native, pure)),
  ...(await handshake(pure, native)),
  ...(await handshake(pureOverNative, pureOverNative)),
];
const [, binary] = /\/prebuilds\/([^/\s]+)\.node$/m.exec(readFileSync('/proc/self/maps', 'utf8')) ?? [];
const { name, version, ofNode } = nativeLibrary();
const crypto = nativeCryptoLibrary();
console.log(JSON.stringify({ node: process.version, binary, name, version, ofNode, crypto: crypto.source, protocols }));
