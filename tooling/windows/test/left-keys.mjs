// What processes leave of private keys. Wine keeps key containers in the registry, which is the same for all processes of a run.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { createRoot } from '@org/pki';

const root = await createRoot();
const { chainPem, privateKeyPem } = await root.issue({ names: ['localhost'], algorithm: 'rsa-2048' });
writeFileSync('identity.json', JSON.stringify({ certificateChain: chainPem, privateKey: privateKeyPem }));
writeFileSync(
  'holds-a-key.mjs',
  `import { readFileSync } from 'node:fs';
import { Worker, isMainThread } from 'node:worker_threads';
import { createBackend } from '@org/tls-native';
const [, , end] = process.argv;
if (end === 'worker' && isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { argv: [end] });
  worker.once('exit', () => process.exit(7));
} else {
  globalThis.context = createBackend().createServerContext({ identity: JSON.parse(readFileSync('identity.json', 'utf8')) });
  const ends = {
    kill: () => process.kill(process.pid, 'SIGKILL'),
    exit: () => process.exit(7),
    throw: () => { throw new Error('nobody catches it'); },
    worker: () => process.exit(7),
    'of its own accord': () => { process.exitCode = 7; },
  };
  ends[end]();
}
`,
);

/** The containers of ours that are in the registry, by their names. */
function containers() {
  const file = openSync('registry.txt', 'w');
  const { status } = spawnSync('reg', ['query', String.raw`HKCU\Software\Wine\Crypto\RSA`], {
    stdio: ['ignore', file, file],
  });
  closeSync(file);
  const text = readFileSync('registry.txt', 'utf8');
  assert.equal(status, 0, text);
  return text.match(/tls-native-[0-9a-f-]{75}/g) ?? [];
}

/** Runs a process that has a key in a container until it ends in that way. */
function holdKey(end) {
  const { status, error } = spawnSync(process.execPath, ['holds-a-key.mjs', end], {
    stdio: 'ignore',
    timeout: 120_000,
  });
  assert.equal(error, undefined);
  return status;
}

void test('a process that was killed leaves its container', () => {
  assert.notEqual(holdKey('kill'), 7);
  assert.equal(containers().length, 1);
});

void test('the next process deletes it, and leaves none of its own', () => {
  assert.equal(holdKey('exit'), 7);
  assert.deepEqual(containers(), []);
});

for (const end of ['throw', 'worker', 'of its own accord']) {
  void test(`a process leaves none that ends by: ${end}`, () => {
    assert.equal(holdKey(end), end === 'throw' ? 1 : 7);
    assert.deepEqual(containers(), []);
  });
}
