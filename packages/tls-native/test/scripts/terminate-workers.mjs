// Terminates workers in the middle of calls into the addon. An abort would be this process's end.
import { createRequire } from 'node:module';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const rounds = 5;
const workersPerRound = 4;

if (isMainThread) {
  for (let round = 0; round < rounds; round += 1) {
    const workers = Array.from(
      { length: workersPerRound },
      () => new Worker(new URL(import.meta.url), { workerData: process.argv[2] }),
    );
    await Promise.all(
      workers.map((worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))),
    );
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
} else {
  const addon = createRequire(import.meta.url)(workerData);
  const { cipherSuites, groups, signatureSchemes } = addon.load('');
  const nothing = new Uint8Array(0);
  const context = addon.createContext(
    {
      isServer: false,
      minVersion: 0x0304,
      maxVersion: 0x0304,
      cipherSuites,
      groups,
      signatureSchemes,
      alpn: nothing,
      keyLog: false,
      verify: 2,
      acceptAny: false,
      askClientHello: false,
      askCertificate: false,
      askVerify: true,
      askTicketKeys: false,
      askEarlyData: false,
      requestOcsp: false,
      isFallback: false,
      maxEarlyData: 0,
      tickets: 0,
      sessionLifetimeSeconds: 100,
      sessionRules: new Uint8Array(32),
      authorities: [],
      credentials: [],
      preSharedKeys: [],
    },
    addon.createTrustStore([], false),
  );
  const options = { serverName: 'localhost', isAddress: false, now: Date.now(), earlyData: false };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port has no origin
  parentPort.postMessage('busy');
  for (;;) addon.start(addon.createEngine(context, options));
}
