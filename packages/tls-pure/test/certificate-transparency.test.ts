import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLog, createRoot, timestampList, type TestLog } from '@org/pki';
import { connect, createServer } from '@org/tls-core/node';
import { requireCertificateTransparency } from '@org/x509';
import { expect, test } from 'vitest';
import { createBackend } from '../src/index.ts';

test('OpenSSL finds the test logs’ timestamps valid, and so do we, in one connection each', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tls-pure-ct-'));
  const root = await createRoot();
  const issuer = await root.issue({ isCa: true });
  const [one, two, three] = await Promise.all([createLog(), createLog(), createLog()]);
  const logged = await issuer.issue({ names: ['localhost'], logs: [one, two] });
  const key = (log: TestLog): string => `key = ${Buffer.from(log.publicKeyDer).toString('base64')}`;
  const signedCertificateTimestamps = timestampList([await three.timestamp({ certificateDer: logged.certificateDer })]);
  const identity = {
    certificateChain: logged.chainPem,
    privateKey: logged.privateKeyPem,
    signedCertificateTimestamps,
  };
  const server = await createServer({ tls: { backend: createBackend(), identity } }, (socket) => socket.end());
  try {
    const sections = `[a]\ndescription = a\n${key(one)}\n[b]\ndescription = b\n${key(two)}\n[c]\ndescription = c\n${key(three)}\n`;
    await writeFile(join(folder, 'logs'), `enabled_logs = a,b,c\n${sections}`);
    await writeFile(join(folder, 'ca'), root.certificatePem);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const files = ['-CAfile', join(folder, 'ca'), '-ct', '-ctlogfile', join(folder, 'logs')];
    const to = ['-connect', `127.0.0.1:${port}`, '-servername', 'localhost'];
    const { stdout } = await promisify(execFile)('openssl', ['s_client', ...to, ...files, '-verify_return_error']);
    expect(stdout.match(/SCT validation status: valid/gu)).toHaveLength(3);

    const logs = [one, two, three].map(({ publicKeyDer }, index) => ({
      publicKey: publicKeyDer,
      operator: `${index}`,
    }));
    const verifyPeer = requireCertificateTransparency({ logs, minimumTimestamps: 3, minimumOperators: 3 });
    const options = { trust: root.certificatePem, requestCertificateTimestamps: true, verifyPeer };
    const at = { host: '127.0.0.1', port, serverName: 'localhost' };
    const socket = await connect({ ...at, tls: { backend: createBackend(), ...options } });
    socket.resume().end();
    await once(socket, 'close');
    const without = { ...options, requestCertificateTimestamps: false };
    await expect(connect({ ...at, tls: { backend: createBackend(), ...without } })).rejects.toMatchObject({
      code: 'ERR_TLS_CERTIFICATE_REJECTED',
      alertName: 'certificate_unknown',
    });
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
});
