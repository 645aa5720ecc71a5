import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createRoot } from '@org/pki';
import { afterAll, describe, expect, test } from 'vitest';
import { runTool, temporaryFolder } from './run-tool.ts';
import { startPlainText, startWeb } from './servers.ts';

const root = await createRoot();
const web = await startWeb(await root.issue({ names: ['localhost'] }));
const folder = await temporaryFolder();
const ca = await folder.write('ca.pem', root.certificatePem);
const origin = `https://localhost:${web.port}`;

afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe.each(['pure', 'native'])('tls get --backend %s', (backend) => {
  const get = (...args: readonly string[]) => runTool(['get', '--backend', backend, '--ca', ca, ...args]);

  test('prints the body, and nothing else', async () => {
    const { exitCode, stdout, stderr } = await get(`localhost:${web.port}/`);
    expect(JSON.parse(stdout)).toMatchObject({ method: 'GET', httpVersion: '1.1' });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  test('--servername verifies another name, and a Host header does not', async () => {
    await using internal = await startWeb(await root.issue({ names: ['internal.example'] }));
    const url = `https://localhost:${internal.port}/`;
    expect((await get(url, '-H', 'Host: internal.example')).exitCode).toBe(4);
    const { exitCode, stdout } = await get(url, '--servername', 'internal.example');
    expect(JSON.parse(stdout)).toMatchObject({ method: 'GET' });
    expect(exitCode).toBe(0);
  });

  test('-v says on stderr how the connection is secured, and keeps a peer from driving the terminal', async () => {
    const { exitCode, stderr } = await get(origin, '-v');
    expect(stderr).toContain(`secured by ${backend} (`);
    expect(stderr).toContain('TLSv1.3');
    expect(stderr).toContain('CN=localhost');
    expect(stderr).toContain('< 200');
    expect(stderr).toContain('x-evil: red');
    expect(stderr).not.toMatch(/[\u0080-\u009f]/);
    expect(exitCode).toBe(0);
  });

  test('--keylog adds the secrets to a file that only its owner can read', async () => {
    const file = path.join(folder.path, `keys-${backend}`);
    for (let turn = 0; turn < 2; turn += 1) expect((await get(origin, '--keylog', file)).exitCode).toBe(0);
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('CLIENT_TRAFFIC_SECRET_0 '))).toHaveLength(2);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('--keylog says when its file cannot be opened', async () => {
    const { exitCode, stderr } = await get(origin, '--keylog', folder.path);
    expect(stderr).toContain(folder.path);
    expect(exitCode).toBe(2);
  });

  test('--json gives status, security and body to programs', async () => {
    const { exitCode, stdout } = await get(origin, '--json', '--http2');
    expect(JSON.parse(stdout)).toMatchObject({
      url: `${origin}/`,
      status: 200,
      security: { backend, protocol: 'TLSv1.3', alpnProtocol: 'h2', certificates: [{ names: ['localhost'] }] },
      body: expect.stringContaining('"httpVersion":"2.0"'),
    });
    expect(exitCode).toBe(0);
  });

  test('an expired certificate ends with exit code 4, a reason and a hint for people', async () => {
    const past = await root.issue({ names: ['localhost'], notBefore: new Date(0), notAfter: new Date(1e12) });
    await using expired = await startWeb(past);
    const { exitCode, stdout, stderr } = await get(`https://localhost:${expired.port}/`);
    expect(stdout).toBe('');
    expect(stderr).toContain('ERR_TLS_CERTIFICATE_EXPIRED');
    expect(stderr).toContain('CERT_HAS_EXPIRED');
    expect(exitCode).toBe(4);
  });

  test('--insecure goes on in spite of the certificate', async () => {
    const { exitCode, stdout } = await runTool([
      'get',
      '--backend',
      backend,
      '--insecure',
      `https://127.0.0.1:${web.port}/`,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ method: 'GET' });
    expect(exitCode).toBe(0);
  });

  test('a peer that does not speak TLS ends with exit code 5', async () => {
    await using mail = await startPlainText();
    const { exitCode, stdout, stderr } = await get(`https://localhost:${mail.port}/`, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'ERR_TLS_NOT_TLS', family: 'decode' } });
    expect(stderr).toContain('hint:');
    expect(exitCode).toBe(5);
  });
});

describe('tls get', () => {
  const get = (...args: readonly string[]) => runTool(['get', '--backend', 'pure', '--ca', ca, ...args]);

  test('sends method, headers and body', async () => {
    const put = await get(origin, '-X', 'put', '-H', 'X-Note: to self', '-d', 'hello');
    expect(JSON.parse(put.stdout)).toMatchObject({ method: 'PUT', note: 'to self', body: 'hello' });
    const file = await folder.write('body.txt', 'from a file');
    const post = await get(origin, '-d', `@${file}`);
    expect(JSON.parse(post.stdout)).toMatchObject({ method: 'POST', body: 'from a file' });
  });

  test('-o writes the body to a file, byte for byte', async () => {
    const file = `${folder.path}/bytes`;
    const { exitCode, stdout } = await get(`${origin}/bytes`, '-o', file);
    expect(await readFile(file)).toEqual(Buffer.from([0xff, 0x00, 0xfe]));
    expect(stdout).toBe('');
    expect(exitCode).toBe(0);
  });

  test('--json carries a body that is not text in Base64', async () => {
    const { stdout } = await get(`${origin}/bytes`, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ bodyBase64: '/wD+' });
  });

  test('--fail turns an HTTP status of 400 or above into exit code 7', async () => {
    expect(await get(`${origin}/missing`)).toMatchObject({ exitCode: 0, stdout: 'not here\n' });
    expect(await get(`${origin}/missing`, '--fail')).toMatchObject({ exitCode: 7 });
  });

  test('-L follows redirects', async () => {
    const followed = await get(`${origin}/moved`, '-L', '--json');
    expect(JSON.parse(followed.stdout)).toMatchObject({ status: 200, security: { backend: 'pure' } });
    const stayed = await get(`${origin}/moved`, '--json');
    expect(JSON.parse(stayed.stdout)).toMatchObject({ status: 302 });
  });

  test('--timeout ends with exit code 3', async () => {
    expect(await get(`${origin}/silent`, '--timeout', '0.5')).toMatchObject({ exitCode: 3 });
  });

  test('nobody at the port ends with exit code 3', async () => {
    const gone = await startPlainText();
    await gone[Symbol.asyncDispose]();
    expect(await get(`https://localhost:${gone.port}/`)).toMatchObject({ exitCode: 3 });
  });

  test.each([
    ['an http: URL', ['http://localhost/']],
    ['no URL', []],
    ['an unknown option', ['https://localhost/', '--no-such-option']],
    ['a CA file that is not there', ['https://localhost/', '--ca', '/no/such/file']],
    ['a method that is none', ['https://localhost/', '-X', 'G E T']],
    ['a header without a colon', ['https://localhost/', '-H', 'nonsense']],
  ])('%s ends with exit code 2', async (_fault, args) => {
    const { exitCode, stderr } = await runTool(['get', ...args]);
    expect(stderr).not.toBe('');
    expect(exitCode).toBe(2);
  });

  test('a backend that cannot be had ends with exit code 6', async () => {
    const { exitCode, stderr } = await runTool(['get', '--backend', '@org/no-such-backend', origin]);
    expect(stderr).toContain('ERR_TLS_BACKEND_UNAVAILABLE');
    expect(exitCode).toBe(6);
  });

  test('--help and --version end with exit code 0', async () => {
    expect(await runTool(['--version'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    expect(await runTool(['--help'])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Exit codes:') });
  });
});
