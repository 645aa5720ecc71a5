import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRoot } from '@org/pki';
import { TlsError, tlsErrorCodes, type TlsBackend } from '@org/tls-core';
import { createBackend as createNativeBackend } from '@org/tls-native';
import { createBackend as createPureBackend } from '@org/tls-pure';
import { nodeCrypto } from '@org/tls-crypto/node';
import { parseFlags } from '../src/flags.ts';
import { globOf, linesOf, stalePatterns, staleTests, summarize } from '../src/results.ts';
import { readShimConfig } from '../src/shim-config.ts';
import { runShim } from '../src/shim.ts';

const pure = createPureBackend({ crypto: nodeCrypto });
const native = createNativeBackend();
const folder = `${import.meta.dirname}/..`;

describe.each([
  ['pure', pure],
  ['native', native],
])('the shim of the %s backend', (_name, backend) => {
  it('exits with 89 on a flag that it does not have, and names it', async () => {
    const result = await runShim(backend, ['-port', '1', '-enable-time-travel']);
    expect(result.exitCode).toBe(89);
    expect(result.stderr).toContain('-enable-time-travel');
  });

  it('exits with 89 when no version from TLS 1.2 on is wanted', async () => {
    const { port, close } = await listen((socket) => socket.resume());
    const result = await runShim(backend, ['-port', String(port), '-shim-id', '7', '-max-version', '770']);
    close();
    expect(result.exitCode).toBe(89);
  });

  it('says its id as 64 bits, then a ClientHello, and reports the peer’s alert', async () => {
    const { received, result } = await helloThenAlert(backend, []);
    expect(received.subarray(0, 8)).toEqual(Buffer.of(2, 1, 0, 0, 0, 0, 0, 0));
    expect([...received.subarray(8, 11)]).toEqual([22, 3, 1]);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('ERR_TLS_ALERT received handshake_failure');
  });
});

describe('what a backend does not claim', () => {
  it.each(['grease', 'permuteExtensions', 'requestCertificateTimestamps', 'echGrease', 'fallback'] as const)(
    'is not implemented where a flag asks for it: %s',
    async (option) => {
      const flag = flagOf[option];
      for (const backend of [pure, native]) {
        const { result } = await helloThenAlert(backend, [flag]);
        const isClaimed = backend.capabilities.client.options.includes(option);
        expect([backend.name, result.exitCode]).toEqual([backend.name, isClaimed ? 1 : 89]);
      }
    },
  );

  it('is said in one line, without the details of a value', async () => {
    const lacking: TlsBackend = {
      ...pure,
      createClientContext() {
        throw new TlsError('ERR_TLS_UNSUPPORTED', 'no `groups` as given: not these');
      },
    };
    const { result } = await helloThenAlert(lacking, []);
    expect(result.exitCode).toBe(89);
    expect(result.stderr.split('\n')[0]).toBe('Unimplemented: no `groups` as given');
  });

  it('does not matter where there is another way: with -async a key is a signer only for those who take one', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'bogo-test-'));
    const [keyFile, certificateFile] = [join(scratch, 'key.pem'), join(scratch, 'certificate.pem')];
    const { chainPem, privateKeyPem } = await (await createRoot()).issue({});
    writeFileSync(keyFile, privateKeyPem);
    writeFileSync(certificateFile, chainPem);
    for (const backend of [pure, native]) {
      const flags = ['-async', '-key-file', keyFile, '-cert-file', certificateFile];
      const { result } = await helloThenAlert(backend, flags);
      expect(result.stderr).toContain('ERR_TLS_ALERT received handshake_failure');
    }
    rmSync(scratch, { recursive: true });
  });
});

const flagOf = {
  grease: '-enable-grease',
  permuteExtensions: '-permute-extensions',
  requestCertificateTimestamps: '-enable-signed-cert-timestamps',
  echGrease: '-enable-ech-grease',
  fallback: '-fallback-scsv',
} as const;

describe('the flags', () => {
  it('belong to all configurations, or to the one of their prefix', () => {
    const { initial, resume, retry } = parseFlags([
      '-curves',
      '29',
      '-on-resume-curves',
      '23',
      '-on-retry-verify-fail',
    ]);
    expect(initial.curves).toEqual([29]);
    expect(resume.curves).toEqual([29, 23]);
    expect([initial.verifyFail, resume.verifyFail, retry.verifyFail]).toEqual([false, false, true]);
  });

  it('belong to the credential that was begun last', () => {
    const { initial } = parseFlags(['-key-file', 'default', '-new-x509-credential', '-key-file', 'first']);
    expect(initial.defaultCredential.keyFile).toBe('default');
    expect(initial.credentials.map(({ keyFile }) => keyFile)).toEqual(['first']);
  });
});

describe.each(['config.json', 'config.native.json'])('%s', (file) => {
  const config = readShimConfig(folder, file);

  it.each(Object.entries(config.DisabledTests))('has a reason for %s', (_pattern, reason) => {
    expect(reason.length).toBeGreaterThan(10);
  });

  it('maps to errors that there are', () => {
    for (const names of Object.values(config.ErrorMap)) {
      for (const name of names) expect(tlsErrorCodes).toContain(name.split(' ')[0]);
    }
  });

  it('takes over all errors of config.json', () => {
    for (const [error, names] of Object.entries(readShimConfig(folder, 'config.json').ErrorMap))
      expect(config.ErrorMap[error]).toEqual(expect.arrayContaining([...names]));
  });
});

describe('a list of disabled tests', () => {
  it('is counted by its patterns', () => {
    const tests = { A: { actual: 'PASS' }, B: { actual: 'FAIL' }, C: { actual: 'SKIP' } };
    const summary = summarize({ tests }, { DisabledTests: { 'D*': 'for a reason' } }, ['A', 'B', 'C', 'D-1', 'D-2']);
    expect(linesOf(summary)).toEqual(['passed: 1', 'failed: 1', 'not implemented: 1', 'disabled: 2']);
    expect(summary.reasons).toEqual(['- 2: for a reason']);
  });

  it('is matched as the runner does', () => {
    expect(globOf('TLS-*-1').test('TLS-x-1')).toBe(true);
    expect(globOf('TLS-*-1').test('TLS-x-12')).toBe(false);
    expect(globOf('[^M]*-1').test('TLS-1')).toBe(true);
    expect(globOf('[^M]*-1').test('Minimum-1')).toBe(false);
  });

  it('is stale where a disabled test passes, or a pattern disables nothing', () => {
    const tests = { 'A-1': { actual: 'PASS' }, 'B-1': { actual: 'PASS' }, 'C-1': { actual: 'FAIL' } };
    const DisabledTests = { 'B*': 'passes: for another reason', '*-1': 'for a reason', 'D*': 'gone' };
    expect(staleTests({ tests }, { DisabledTests })).toEqual(['A-1']);
    expect(stalePatterns(Object.keys(tests), { DisabledTests })).toEqual(['D*']);
  });
});

async function listen(onConnection: (socket: Socket) => void) {
  const server = createServer(onConnection);
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo; // bound to a port
  return { port, close: () => server.close() };
}

/** A peer that answers the ClientHello with the alert handshake_failure. */
async function helloThenAlert(backend: TlsBackend, flags: readonly string[]) {
  const chunks: Buffer[] = [];
  const { port, close } = await listen((socket) => {
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (Buffer.concat(chunks).length > 13) socket.end(Buffer.of(21, 3, 3, 0, 2, 2, 40));
    });
  });
  const result = await runShim(backend, ['-port', String(port), '-shim-id', '258', ...flags]);
  close();
  return { received: Buffer.concat(chunks), result };
}
