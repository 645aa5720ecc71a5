import { createRoot } from '@org/pki';
import { afterAll, describe, expect, test } from 'vitest';
import { runTool, temporaryFolder } from './run-tool.ts';
import { startEcho, startWeb } from './servers.ts';

const root = await createRoot({ commonName: 'Test root' });
const intermediate = await root.issue({ isCa: true, commonName: 'Test intermediate' });
const leaf = await intermediate.issue({ names: ['localhost', '127.0.0.1'] });
const web = await startWeb(leaf);
const echo = await startEcho(leaf);
const folder = await temporaryFolder();
const ca = await folder.write('ca.pem', root.certificatePem);

afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await echo[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe.each(['pure', 'native'])('over %s', (backend) => {
  test('tls inspect shows parameters, the chain and the verdict', async () => {
    const { exitCode, stdout } = await runTool(['inspect', `localhost:${web.port}`, '--backend', backend, '--ca', ca]);
    expect(stdout).toContain(`secured by ${backend} (`);
    expect(stdout).toContain('0 subject: CN=localhost');
    expect(stdout).toContain('1 subject: CN=Test intermediate');
    expect(stdout).toContain('ALPN: h2');
    expect(stdout).toContain('verification: ok');
    expect(exitCode).toBe(0);
  });

  test('tls inspect shows what an untrusted server speaks, says why it is not trusted, and ends with exit code 4', async () => {
    const { exitCode, stdout } = await runTool(['inspect', `localhost:${web.port}`, '--backend', backend, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      host: 'localhost',
      verified: false,
      error: { code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER', alert: 'unknown_ca' },
      security: { backend, protocol: 'TLSv1.3' },
      certificates: [{ names: ['localhost', '127.0.0.1'] }, { issuer: 'CN=Test root' }],
    });
    expect(exitCode).toBe(4);
  });

  test('tls inspect --servername verifies another name', async () => {
    const args = [
      'inspect',
      `127.0.0.1:${web.port}`,
      '--backend',
      backend,
      '--ca',
      ca,
      '--servername',
      'example.test',
      '--json',
    ];
    const { exitCode, stdout } = await runTool(args);
    expect(JSON.parse(stdout)).toMatchObject({ verified: false, error: { code: 'ERR_TLS_CERTIFICATE_NAME' } });
    expect(exitCode).toBe(4);
  });

  test('tls connect sends stdin and prints what comes until the peer is done', async () => {
    const input = 'hello\n'.repeat(50_000);
    const { exitCode, stdout, stderr } = await runTool(
      ['connect', `127.0.0.1:${echo.port}`, '--backend', backend, '--ca', ca],
      input,
    );
    expect(stderr).toBe('');
    expect(stdout.length).toBe(input.length);
    expect(stdout).toBe(input);
    expect(exitCode).toBe(0);
  });
});

test.each(['localhost', 'localhost:0', 'localhost:70000', ':443', 'a b:443', '[::1'])(
  'tls connect takes no %s',
  async (target) => {
    expect(await runTool(['connect', target])).toMatchObject({ exitCode: 2 });
  },
);
