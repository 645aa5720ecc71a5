import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leaf, root } from './support.ts';

const run = promisify(execFile);
const register = pathToFileURL(join(import.meta.dirname, '..', 'dist', 'register.js')).href;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'node-tls-'));
  await writeFile(join(folder, 'ca.pem'), root.certificatePem);
  await writeFile(join(folder, 'cert.pem'), leaf.chainPem);
  await writeFile(join(folder, 'key.pem'), leaf.privateKeyPem);
});
afterAll(async () => rm(folder, { recursive: true }));

/** Runs a program under `register`, and gives what it prints. */
async function runUnderRegister(
  program: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const file = join(folder, `program-${Math.random().toString(36).slice(2)}.mjs`);
  await writeFile(file, program);
  const clean = { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') };
  return run(process.execPath, ['--import', register, file], { cwd: folder, env: { ...clean, ...env } });
}

/** Prints who does the TLS of a client and of a server that are made by every way to Node's modules. */
const everyWay = `
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import tls, { connect } from 'node:tls';
import https, { get } from 'node:https';
import http2 from 'node:http2';
const required = createRequire(import.meta.url)('tls');
const options = { cert: readFileSync('cert.pem'), key: readFileSync('key.pem') };
const whose = (socket) => socket.info?.backend ?? 'node';
const server = https.createServer(options, (request, response) => response.end(whose(request.socket)));
await once(server.listen(0), 'listening');
const { port } = server.address();
for (const dial of [tls.connect, connect, required.connect]) {
  const socket = dial({ port, host: 'localhost', servername: 'localhost' });
  await once(socket, 'secureConnect');
  console.log('tls', whose(socket), socket instanceof tls.TLSSocket);
  socket.destroy();
}
const [response] = await once(get('https://localhost:' + port, { agent: false }), 'response');
console.log('https', whose(response.socket), String(await response.toArray()));
const answer = await fetch('https://localhost:' + port);
console.log('fetch', await answer.text());
const secure = http2.createSecureServer(options, (request, response) => response.end(String(request.socket.encrypted)));
await once(secure.listen(0), 'listening');
const session = http2.connect('https://localhost:' + secure.address().port);
const stream = session.request({ ':path': '/' });
console.log('http2', session.alpnProtocol ?? (await once(stream, 'response'), session.alpnProtocol), String(await stream.toArray()));
process.exit();
`;

describe.each(['pure', 'native'])('register over %s', (backend) => {
  test('register puts the package under tls, https, http2 and fetch, by import and by require', async () => {
    const { stdout } = await runUnderRegister(everyWay, { TLS_BACKEND: backend });
    expect(stdout.trim().split('\n')).toEqual([
      `tls ${backend} true`,
      `tls ${backend} true`,
      `tls ${backend} true`,
      `https ${backend} ${backend}`,
      `fetch ${backend}`,
      'http2 h2 true',
    ]);
  });
});

test('register says in a line that it is on, which NODE_TLS_REGISTER=quiet silences', async () => {
  const { stderr } = await runUnderRegister('');
  expect(stderr).toBe('@org/node-tls: node:tls, https and http2 are this package for this process\n');
  const quiet = await runUnderRegister('', { NODE_TLS_REGISTER: 'quiet' });
  expect(quiet.stderr).toBe('');
});

test('register for chosen packages gives it to these alone, in CommonJS and in ES modules', async () => {
  const packages = {
    'chosen-cjs': ['commonjs', `module.exports = [require('tls'), require('node:https'), require('http2')];`],
    'chosen-esm': [
      'module',
      `import tls from 'node:tls';\nimport * as https from 'https';\nimport http2 from 'node:http2';\nexport default [tls, https, http2];`,
    ],
    'other-cjs': ['commonjs', `module.exports = [require('tls'), require('node:https'), require('http2')];`],
    'other-esm': [
      'module',
      `import tls from 'node:tls';\nimport * as https from 'https';\nimport http2 from 'node:http2';\nexport default [tls, https, http2];`,
    ],
  } as const;
  for (const [name, [type, source]] of Object.entries(packages)) {
    const target = join(folder, 'node_modules', name);
    // oxlint-disable-next-line no-await-in-loop -- a handful of files
    await mkdir(target, { recursive: true });
    // oxlint-disable-next-line no-await-in-loop -- a handful of files
    await writeFile(join(target, 'package.json'), JSON.stringify({ name, type, exports: './index.js' }));
    // oxlint-disable-next-line no-await-in-loop -- a handful of files
    await writeFile(join(target, 'index.js'), source);
  }
  const program = `
    import nodeTls from 'node:tls';
    import nodeHttps from 'node:https';
    import nodeHttp2 from 'node:http2';
    for (const name of ${JSON.stringify(Object.keys(packages))}) {
      const { default: [tls, https, http2] } = await import(name);
      console.log(name, tls.connect === nodeTls.connect, https.request === nodeHttps.request, http2.connect === nodeHttp2.connect, typeof http2.constants);
    }`;
  const { stdout, stderr } = await runUnderRegister(program, { NODE_TLS_PACKAGES: 'chosen-cjs, chosen-esm' });
  expect(stdout.trim().split('\n')).toEqual([
    'chosen-cjs false false false object',
    'chosen-esm false false false object',
    'other-cjs true true true object',
    'other-esm true true true object',
  ]);
  expect(stderr).toBe('@org/node-tls: node:tls, https and http2 are this package for chosen-cjs, chosen-esm\n');
});

test('register tells of a chosen package that is not installed, and an empty list is the whole process', async () => {
  const { stderr } = await runUnderRegister('', { NODE_TLS_PACKAGES: 'misspelt' });
  expect(stderr).toContain('NODE_TLS_PACKAGES names what is not installed: misspelt\n');
  const whole = await runUnderRegister('', { NODE_TLS_PACKAGES: '' });
  expect(whole.stderr).toBe('@org/node-tls: node:tls, https and http2 are this package for this process\n');
});
