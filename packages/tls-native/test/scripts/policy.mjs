// What the system's policy makes of contexts; run with OPENSSL_CONF by the tests. Prints one line of JSON.
import { createBackend, nativeLibrary } from '../../dist/index.js';

const { policy } = nativeLibrary();

function outcomeOf(act) {
  try {
    act();
    return 'made';
  } catch ({ code, option }) {
    return `${code} ${option}`;
  }
}

/** What a handshake in memory speaks at most. */
function spoken(client, server) {
  const pems = JSON.parse(process.env.PEMS);
  const backend = createBackend();
  const sinkOf = () => ({
    outgoing: [],
    ciphertext(batch) {
      this.outgoing.push(batch);
    },
    handshake(info) {
      this.info = info;
    },
    failed(error) {
      this.failure = error;
    },
    plaintext() {},
    session() {},
    keyLog() {},
    closed() {},
  });
  const [clientSink, serverSink] = [sinkOf(), sinkOf()];
  const identity = { certificateChain: pems.chain, privateKey: pems.key };
  const engines = [
    backend.createClientContext({ trust: pems.root, ...client }).createEngine({ serverName: 'localhost' }, clientSink),
    backend.createServerContext({ identity, ...server }).createEngine(serverSink),
  ];
  engines[1].start();
  engines[0].start();
  for (;;) {
    const batches = [clientSink.outgoing.splice(0), serverSink.outgoing.splice(0)];
    if (batches[0].length + batches[1].length === 0) break;
    for (const bytes of batches[0]) if (serverSink.failure === undefined) engines[1].receive(bytes);
    for (const bytes of batches[1]) if (clientSink.failure === undefined) engines[0].receive(bytes);
  }
  const failure = clientSink.failure ?? serverSink.failure;
  return failure === undefined ? `${clientSink.info.protocol} ${clientSink.info.cipherSuite}` : failure.code;
}

console.log(
  JSON.stringify({
    policy: { ...policy, cipherSuites: policy.cipherSuites.length },
    atMost12: outcomeOf(() => createBackend().createClientContext({ maxVersion: 'TLSv1.2' })),
    aes128: outcomeOf(() => createBackend().createClientContext({ cipherSuites: ['TLS_AES_128_GCM_SHA256'] })),
    level0: outcomeOf(() => createBackend({ securityLevel: 0 })),
    level5: outcomeOf(() => createBackend({ securityLevel: 5 })),
    level6: outcomeOf(() => createBackend({ securityLevel: 6 })),
    spoken: spoken({}, {}),
  }),
);
