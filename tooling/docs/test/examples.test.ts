import { readdir, rm } from 'node:fs/promises';
import { format } from 'node:util';
import { collectExamples, privateImports } from '@org/release/examples';
import { compileExamples, compilers } from '@org/release/programs';
import { publicPackages } from '@org/release-checks/pack';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { certificateFolders, folderByShell } from './certificate-folders.ts';
import { folder, opensslBlocks, root, runBlock } from './code-blocks.ts';

/** An example that needs nothing from outside; `reason` says why it does all the same. */
interface Example {
  readonly name: string;
  readonly page: string;
  readonly code: string;
  readonly output: string | undefined;
  readonly commands: readonly (readonly string[])[];
  readonly reason: string | undefined;
}

const published = new Set(publicPackages(root).map(({ name }) => name));
const isPrivate = (name: string): boolean => name.startsWith('@org/') && !published.has(name);
const examples: readonly Example[] = collectExamples(root, isPrivate);
const folders = certificateFolders();
afterAll(() => folders.remove());

it('every example can be pasted: it needs nothing but what is published, and commands that its page shows', () => {
  expect(examples.flatMap(({ name, reason }) => (reason === undefined ? [] : [`${name} ${reason}`]))).toEqual([]);
  expect(examples.length).toBeGreaterThan(30);
});

it('no block on any page, run or not, imports what is not published', () => {
  expect(privateImports(root, isPrivate)).toEqual([]);
});

it('every example compiles in a strict project', () => {
  const newest = compilers.at(-1);
  if (newest === undefined) throw new Error('there is no compiler');
  const compiled: readonly { readonly errors: readonly string[] }[] = compileExamples(
    `${folder}/compiled`,
    newest,
    examples.map(({ code }) => code),
  );
  const errors = compiled.flatMap((each, index) => each.errors.map((error) => `${examples[index]?.name}: ${error}`));
  expect(errors).toEqual([]);
});

describe('in a folder that has only what the commands of the page make', () => {
  it.each(examples)('the example of $name logs what the page says', async ({ name, code, output, commands }) => {
    expect(await linesLogged(name, code, await folders.copyFor(commands))).toEqual(output?.split('\n'));
  });
});

it('OpenSSL makes the same files as `tls cert`, by the commands of the page about certificates', async () => {
  const page = 'docs/certificates-for-examples.md';
  const [commands = ''] = await opensslBlocks(page);
  const [example] = examples.filter((each) => each.page === page);
  const [byOpenssl, byTool] = [await folderByShell(commands), await folders.copyFor(example?.commands ?? [])];
  try {
    expect(await readdir(`${byOpenssl}/certs`)).toEqual(await readdir(`${byTool}/certs`));
    expect(await linesLogged('by-openssl', example?.code ?? '', byOpenssl)).toEqual(example?.output?.split('\n'));
  } finally {
    await rm(byOpenssl, { recursive: true });
  }
});

/** Runs an example in a folder and gives back what it logged, line by line, as a terminal would show it. */
async function linesLogged(name: string, code: string, cwd: string): Promise<readonly string[]> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const folderBefore = process.cwd();
  process.chdir(cwd);
  try {
    const before = code.includes("'@org/node-tls'") ? ownBackend : '';
    await runBlock(name.replaceAll(/[^\w]/g, '-'), code, { before });
    return log.mock.calls.flatMap((values) => format(...values).split('\n'));
  } finally {
    process.chdir(folderBefore);
    log.mockRestore();
  }
}

/** The default backend of node-tls is found by `require`, which the sources here are not made for. */
const ownBackend = [
  "import { setDefaultBackend } from '@org/node-tls';",
  "import { createBackend } from '@org/tls-pure';",
  'setDefaultBackend(createBackend());',
].join('\n');
