import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { root, runBlock } from './code-blocks.ts';
import { makeExampleCertificates, readFrom } from './example-certificates.ts';

const pages = await readdir(join(root, 'docs/start'));
const examples = (await Promise.all(pages.map(examplesOf))).flat();

let folder = '';
beforeAll(async () => {
  folder = await makeExampleCertificates();
});
afterAll(() => rm(folder, { recursive: true }));

it('each start page but the one for libraries, whose examples are files of a project, has an example that shows what it logs', () => {
  const without = pages.filter((page) => !examples.some((example) => example.page === page));
  expect(without).toEqual(['library.md']);
});

it.each(examples)('start/$page: example $index logs what the page says', async ({ page, index, code, output }) => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    const changes = code.includes("'certs/") ? readFrom(folder) : {};
    const before = code.includes("'@org/node-tls'") ? ownBackend : '';
    await runBlock(`start-${page.replace('.md', '')}-${index}`, code, { changes, before });
    expect(log.mock.calls.flatMap((values) => format(...values).split('\n'))).toEqual(output.split('\n'));
  } finally {
    log.mockRestore();
  }
});

/** The default backend of node-tls is found by `require`, which the sources here are not made for. */
const ownBackend = [
  "import { setDefaultBackend } from '@org/node-tls';",
  "import { createBackend } from '@org/tls-pure';",
  'setDefaultBackend(createBackend());',
].join('\n');

/** The blocks of a page that a block with what they log stands behind. */
async function examplesOf(
  page: string,
): Promise<
  readonly { readonly page: string; readonly index: number; readonly code: string; readonly output: string }[]
> {
  const text = await readFile(join(root, 'docs/start', page), 'utf8');
  const blocks = [...text.matchAll(/^```ts\n((?:(?!```)[^\n]*\n)*)```\n\n```text\n([^]*?)\n```$/gm)];
  return blocks.map(([, code = '', output = ''], index) => ({ page, index, code, output }));
}
