import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { pathToFileURL } from 'node:url';
import { compileExamples, compilers, pageOptions } from '@org/release/programs';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { certificateFolders } from './certificate-folders.ts';
import { browserBlocks, folder } from './code-blocks.ts';

const [code = ''] = await browserBlocks('docs/bundles.md');
const folders = certificateFolders();
let server: Server;
let root: string;

beforeAll(async () => {
  const certs = join(await folders.copyFor([['cert', '--out', 'certs', 'localhost']]), 'certs');
  const read = (name: string): Promise<string> => readFile(join(certs, name), 'utf8');
  root = await read('root.pem');
  const identity = { cert: await read('localhost.pem'), key: await read('localhost.key') };
  server = createServer(identity, (socket) => socket.once('data', () => socket.end('a page')));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  vi.unstubAllGlobals();
  server.close();
  await folders.remove();
});

it('the example of a page compiles for a browser, imports nothing of Node, and gets what a server sends', async () => {
  const place = join(folder, 'page');
  const [compiled] = compileExamples(place, compilers.at(-1), [code], pageOptions);
  expect(compiled.errors).toEqual([]);
  const { text, imports } = await bundled(compiled.file);
  expect(imports).toEqual([]);

  const bundle = join(place, 'bundle.mjs');
  await writeFile(bundle, text);
  vi.stubGlobal('WebSocket', RelayedSocket);
  vi.stubGlobal('fetch', async () => Promise.resolve(new Response(root)));
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await import(/* @vite-ignore */ pathToFileURL(bundle).href);
    expect(log.mock.calls).toEqual([['TLSv1.3', 'a page']]);
  } finally {
    log.mockRestore();
    await rm(place, { recursive: true });
  }
});

/** Stands for the page's WebSocket and the relay behind it: what is sent goes to the server. */
class RelayedSocket {
  binaryType = '';
  onopen: (() => void) | undefined;
  onmessage: ((event: { readonly data: Uint8Array }) => void) | undefined;
  onerror: (() => void) | undefined;
  onclose: (() => void) | undefined;
  readonly #connection = net.connect((server.address() as AddressInfo).port, '127.0.0.1');

  constructor() {
    this.#connection.on('connect', () => this.onopen?.());
    this.#connection.on('data', (data) => this.onmessage?.({ data }));
    this.#connection.on('error', () => this.onerror?.());
    this.#connection.on('end', () => this.onclose?.());
  }

  send(bytes: Uint8Array): void {
    this.#connection.write(bytes);
  }

  close(): void {
    this.#connection.end();
  }
}

/** Puts a module and all that it imports into one file, as the author of a page does. */
async function bundled(input: string): Promise<{ readonly text: string; readonly imports: readonly string[] }> {
  const build = await rolldown({ input, platform: 'browser', logLevel: 'silent' });
  try {
    const { output } = await build.generate({ format: 'esm', codeSplitting: false });
    const [{ code: text, imports, dynamicImports }] = output;
    return { text, imports: [...imports, ...dynamicImports] };
  } finally {
    await build.close();
  }
}
