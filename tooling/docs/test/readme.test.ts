import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer as createHttpsServer, get, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createRoot } from '@org/pki';
import { resolveBackend } from '@org/tls-core/config';
import { codeBlocks, jsonBlocks, runBlock } from './code-blocks.ts';
import { makeExampleCertificates, readFrom, type ExampleCertificates } from './example-certificates.ts';

let server: Server;
let port: number;
let rootPem: string;
let identity: { readonly chainPem: string; readonly privateKeyPem: string };
let certificates: ExampleCertificates;

beforeAll(async () => {
  certificates = await makeExampleCertificates();
  const root = await createRoot();
  rootPem = root.certificatePem;
  identity = await root.issue({ names: ['localhost'] });
  server = createHttpsServer({ cert: identity.chainPem, key: identity.privateKeyPem }, (_request, response) =>
    response.end('a page'),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await certificates.remove();
});

const given = (name: string, value: string): string => `const ${name} = ${JSON.stringify(value)};`;

/** Runs a block and gives back what it logged. */
async function logged(
  name: string,
  code: string,
  options: Parameters<typeof runBlock>[2],
): Promise<readonly unknown[]> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await runBlock(name, code, options);
    return log.mock.calls.flat();
  } finally {
    log.mockRestore();
  }
}

it('README: our interface connects, says how, and reads', async () => {
  const [client = ''] = await codeBlocks('README.md');
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  try {
    const options = {
      changes: {
        "host: 'example.org', port: 443": `host: '127.0.0.1', serverName: 'localhost', port: ${port}`,
        "backend: 'pure'": "backend: 'pure', trust: rootPem",
      },
      before: given('rootPem', rootPem),
    };
    const facts = await logged('readme-client', client, options);
    expect(facts).toEqual(['TLSv1.3', expect.stringMatching(/^TLS_/), 'pure']);
    expect(write.mock.calls.join('')).toContain('a page');
  } finally {
    write.mockRestore();
  }
});

it('README: node-tls by import connects as node:tls does, and gets a page', async () => {
  const [, code = ''] = await codeBlocks('README.md');
  const options = {
    changes: {
      "host: 'example.org', port: 443, servername: 'example.org'": `port: ${port}, servername: 'localhost', ca: rootPem`,
      "https.get('https://example.org/', (response) => console.log(response.statusCode))": `const request = https.get('https://localhost:${port}/', { ca: rootPem }, (response) => console.log(response.resume().statusCode))`,
    },
    // the sources cannot be required, as the default backend would be
    before: [
      "import { once } from 'node:events';",
      "import { setDefaultBackend } from '@org/node-tls';",
      "import { createBackend } from '@org/tls-pure';",
      'setDefaultBackend(createBackend());',
      given('rootPem', rootPem),
    ].join('\n'),
    after: "await Promise.all([once(socket, 'close'), once(request, 'close')]);",
  };
  const facts = await logged('readme-node-tls', code, options);
  expect(facts).toEqual(expect.arrayContaining(['TLSv1.3', true, 'pure', 200]));
});

it('README: the server answers over TLS', async () => {
  const [, , code = ''] = await codeBlocks('README.md');
  const example = await runBlock('readme-server', code, {
    changes: { ...readFrom(certificates), "server.listen(8443, 'localhost')": "server.listen(0, '127.0.0.1')" },
    after: 'export const example = server;',
  });
  const https = example['example'] as Server;
  if (!https.listening) await once(https, 'listening');
  const target = { host: '127.0.0.1', port: (https.address() as AddressInfo).port, servername: 'localhost' };
  const request = get({ ...target, ca: await readFile(join(certificates.folder, 'root.pem')), agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  expect(await text(response)).toBe('hello over TLSv1.3');
  https.close();
  await once(https, 'close');
});

it('README: fetch gets a page, over the backend that the environment names', async () => {
  const [, , , code = ''] = await codeBlocks('README.md');
  const serverOfOthers = createHttpsServer(
    {
      cert: await readFile(join(certificates.folder, 'localhost.pem')),
      key: await readFile(join(certificates.folder, 'localhost.key')),
    },
    (_request, response) => response.end('a page'),
  );
  serverOfOthers.listen(0, '127.0.0.1');
  await once(serverOfOthers, 'listening');
  vi.stubEnv('TLS_BACKEND', 'pure');
  try {
    const { port: ownPort } = serverOfOthers.address() as AddressInfo;
    const changes = { ...readFrom(certificates), 'https://localhost:8443/': `https://localhost:${ownPort}/` };
    expect(await logged('readme-fetch', code, { changes })).toEqual([200, 'a page', 'pure']);
  } finally {
    vi.unstubAllEnvs();
    serverOfOthers.close();
  }
});

it.each(['README.md', 'packages/tls-core/README.md'])('%s: one line of a file swaps the backend', async (page) => {
  const [config = ''] = await jsonBlocks(page);
  const folder = await mkdtemp(join(tmpdir(), 'tls-docs-'));
  try {
    for (const [name, content] of [
      ['native', config],
      ['pure', config.replace('native', 'pure')],
    ] as const) {
      await writeFile(join(folder, 'tls.config.json'), content);
      expect((await resolveBackend(undefined, { cwd: folder, env: {}, from: import.meta.url })).name).toBe(name);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('http-client: the example fetches a page', async () => {
  const [code = ''] = await codeBlocks('packages/http-client/README.md');
  const options = {
    changes: {
      'https://example.org/': `https://localhost:${port}/`,
      "backend: 'pure'": "backend: 'pure', trust: rootPem",
    },
    before: given('rootPem', rootPem),
  };
  const [status, body, security] = await logged('http-client', code, options);
  expect([status, body]).toEqual([200, 'a page']);
  expect(security).toMatchObject({ backend: 'pure', protocol: 'TLSv1.3' });
});

it('http-client: the example with all options makes a client', async () => {
  const [, code = ''] = await codeBlocks('packages/http-client/README.md');
  const { example } = await runBlock('http-client-options', code, {
    after: 'export const example = client; await client.close();',
  });
  expect(example).toHaveProperty('fetch');
});

it('tls-core: the example connects', async () => {
  const [code = ''] = await codeBlocks('packages/tls-core/README.md');
  const options = {
    changes: { "host: 'example.org', port: 443,": `host: 'localhost', port: ${port}, tls: { trust: rootPem },` },
    before: given('rootPem', rootPem),
    after: 'socket.destroy();',
  };
  expect(await logged('tls-core', code, options)).toEqual([
    expect.stringMatching(/^(native|pure)$/),
    'TLSv1.3',
    expect.stringMatching(/^TLS_/),
  ]);
});

it('tls-native and tls-pure: the examples make backends', async () => {
  const [native = ''] = await codeBlocks('packages/tls-native/README.md');
  expect(await runBlock('tls-native', native, { after: 'export const { name } = backend;' })).toMatchObject({
    name: 'native',
  });
  const [pure = ''] = await codeBlocks('packages/tls-pure/README.md');
  const names = await runBlock('tls-pure', pure, { after: 'export const names = [backend.name, portable.name];' });
  expect(names).toMatchObject({ names: ['pure', 'pure'] });
});

it('tls-roots: the example makes a context', async () => {
  const [code = ''] = await codeBlocks('packages/tls-roots/README.md');
  expect(await runBlock('tls-roots', code, { after: 'export const { role } = context;' })).toMatchObject({
    role: 'client',
  });
});

it('x509: the example verifies a chain from files, and says what is wrong with one', async () => {
  const [code = ''] = await codeBlocks('packages/x509/README.md');
  const root = await createRoot();
  const intermediate = await root.issue({ isCa: true });
  const leaf = await intermediate.issue({ names: ['example.org'] });
  const stranger = await createRoot();
  const folder = await mkdtemp(join(tmpdir(), 'tls-docs-'));
  try {
    await writeFile(join(folder, 'chain.pem'), leaf.chainPem);
    for (const [name, trusted, expected] of [
      ['trusted', root, ['verified, a path of', 3]],
      ['untrusted', stranger, ['ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER']],
    ] as const) {
      await writeFile(join(folder, 'roots.pem'), trusted.certificatePem);
      const changes = {
        "'chain.pem'": JSON.stringify(join(folder, 'chain.pem')),
        "'roots.pem'": JSON.stringify(join(folder, 'roots.pem')),
      };
      const lines = await logged(`x509-${name}`, code, { changes });
      expect(lines.slice(0, expected.length)).toEqual(expected);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
