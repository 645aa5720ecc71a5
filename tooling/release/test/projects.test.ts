import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inOrder } from '../src/archives.mjs';
import { examplesOf, privateImportsOf } from '../src/examples.mjs';
import { backendsFor, folderBy } from '../src/pasted-examples.mjs';
import { compileExamples, compileFaults, compilers, exampleFaults, moduleKinds } from '../src/programs.mjs';
import { binFaults, copyFaults, entriesOf, entryFaults } from '../src/project-checks.mjs';

let project = '';
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'release-project-'));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(path: string, content: string | object): void {
  const file = join(project, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

/** Installs a package of one entry, which has its types. */
function install(code: string | undefined, place = 'node_modules/@org/core', version = '0.1.0'): void {
  const exports = { '.': { types: './index.d.ts', default: './index.js' } };
  write(`${place}/package.json`, { name: '@org/core', version, type: 'module', exports });
  if (code !== undefined) write(`${place}/index.js`, code);
  write(`${place}/index.d.ts`, 'export declare const answer: number;\n');
}

/** What the compiler needs to know of Node. */
function installTypes(): void {
  write('node_modules/@types/node/package.json', { name: '@types/node', version: '20.0.0', types: 'index.d.ts' });
  write('node_modules/@types/node/index.d.ts', 'declare const console: { log(text: unknown): void };\n');
}

describe('a project that has installed a package', () => {
  it('finds an archive whose build is missing', () => {
    install(undefined);
    const faults = entryFaults(project, process.env, ['@org/core']);
    expect(faults).toEqual([
      expect.stringContaining('entries.mjs: @org/core'),
      expect.stringContaining('entries.cjs: @org/core'),
    ]);
  });

  it('finds an entry that throws when it is loaded', () => {
    install("throw new Error('not here');");
    expect(entryFaults(project, process.env, ['@org/core'])).toEqual([
      expect.stringContaining('not here'),
      expect.stringContaining('not here'),
    ]);
  });

  it('finds nothing wrong with an entry that can be imported and required', () => {
    install('export const answer = 42;');
    expect(entryFaults(project, process.env, ['@org/core'])).toEqual([]);
  });

  it('finds a second version, a wrong one and a missing one', () => {
    install('', 'node_modules/@org/core', '0.2.0');
    expect(copyFaults(project, { '@org/core': '0.2.0' })).toEqual([]);
    expect(copyFaults(project, { '@org/core': '0.1.0' })).toEqual(['@org/core: 0.2.0 is installed, and not 0.1.0']);
    expect(copyFaults(project, { '@org/x509': '0.1.0' })).toEqual(['@org/x509: nothing is installed, and not 0.1.0']);
    install('', 'node_modules/@org/x509/node_modules/@org/core', '0.1.0');
    expect(copyFaults(project, { '@org/core': '0.2.0' })).toEqual([
      '@org/core: 0.2.0 and 0.1.0 is installed, and not 0.2.0',
    ]);
  });

  it('finds a command that does not start', () => {
    mkdirSync(join(project, 'node_modules', '.bin'), { recursive: true });
    expect(binFaults(project, process.env, [{ bin: { tls: './dist/main.js' } }])).toEqual([
      expect.stringContaining('tls --help: ended with null'),
    ]);
  });

  it('leaves out entries that are made for a test runner', () => {
    const manifest = { name: '@org/core', exports: { '.': {}, './vitest': {} }, peerDependencies: { vitest: '>=4' } };
    expect(entriesOf([{ ...manifest, peerDependenciesMeta: { vitest: { optional: true } } }])).toEqual(['@org/core']);
  });
});

describe('compilers', () => {
  const [kind] = moduleKinds;
  const newest = compilers.at(-1);

  it('are those of three versions, for six kinds of programs', () => {
    expect(compilers.map(({ version }) => version)).toEqual(['5.9', '6', '7']);
    expect(new Set(moduleKinds.map(({ name }) => name)).size).toBe(6);
  });

  it('find an entry without types', () => {
    installTypes();
    install('export const answer = 42;');
    expect(compileFaults(project, newest, kind, ['@org/core'])).toEqual([]);
    rmSync(join(project, 'node_modules/@org/core/index.d.ts'));
    expect(compileFaults(project, newest, kind, ['@org/core'])).toEqual([expect.stringContaining('error TS7016')]);
  });

  it('find a declaration that does not compile', () => {
    installTypes();
    install('export const answer = 42;');
    write('node_modules/@org/core/index.d.ts', 'export declare const answer: Missing;\n');
    expect(compileFaults(project, newest, kind, ['@org/core'])).toEqual([expect.stringContaining('error TS2304')]);
  });

  it('make an example that runs, and find one that does not compile', () => {
    installTypes();
    install('export const answer = 42;');
    const code = "import { answer } from '@org/core';\nconsole.log(answer);\n";
    const place = join(project, 'examples');
    const [good, bad] = compileExamples(place, newest, [code, code.replace('answer', 'question')]);
    expect(good.errors).toEqual([]);
    expect(bad.errors).toEqual([expect.stringContaining('question'), expect.stringContaining('answer')]);
    const { file } = good;
    const run = { file, backend: 'pure', env: process.env, cwd: project };
    expect(exampleFaults({ ...run, output: '42' })).toEqual([]);
    expect(exampleFaults({ ...run, output: '43' })).toEqual(['it says "42", and the page "43"']);
  });

  it('run the commands of a page once, by the command that is installed', () => {
    write('node_modules/.bin/tls', '#!/bin/sh\necho "$@" >> log\ntest "$1" != fails\n');
    chmodSync(join(project, 'node_modules/.bin/tls'), 0o755);
    const made = { folder: project, env: process.env, made: new Map<string, string>() };
    const commands = [
      ['cert', 'a.test'],
      ['cert', 'b.test'],
    ];
    const folder = folderBy(made, commands);
    expect(folderBy(made, commands)).toBe(folder);
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('cert a.test\ncert b.test\n');
    expect(folderBy(made, [])).not.toBe(folder);
    expect(() => folderBy(made, [['fails']])).toThrow('fails: ended with 1');
    expect(made.made.size).toBe(2);
  });

  it('run an example over both backends, unless it names one', () => {
    expect(backendsFor("connect({ host: 'localhost', port })")).toEqual(['native', 'pure']);
    expect(backendsFor("connect({ host: 'localhost', port, tls: { backend: 'pure' } })")).toEqual(['pure']);
    expect(backendsFor('const tls = { backend: createBackend() };')).toEqual(['pure']);
  });

  it('find an example that fails', () => {
    write('fails.mjs', "throw new Error('no such peer');");
    const run = { file: join(project, 'fails.mjs'), output: '', backend: 'pure', env: process.env, cwd: project };
    expect(exampleFaults(run)).toEqual([expect.stringContaining('no such peer')]);
  });
});

describe('examples of a page', () => {
  const isPrivate = (name: string): boolean => name === '@org/pki';
  const page = (code: string, output = '\n```text\nsecure\n```\n'): string =>
    `# Page\n\n\`\`\`ts runnable\n${code}\`\`\`\n${output}`;
  const commands = (...lines: readonly string[]): string => `\`\`\`sh runnable\n${lines.join('\n')}\n\`\`\`\n\n`;

  it('are those that are marked, with line, output and packages', () => {
    const code =
      "import { a } from '@org/core/node';\nimport {\n  b,\n} from 'pg';\nimport 'node:fs';\nawait import('ws');\n";
    const common = { page: 'docs/page.md', commands: [], reason: undefined };
    expect(examplesOf('docs/page.md', `${page(code)}\n\`\`\`ts\nnot();\n\`\`\`\n`, isPrivate)).toEqual([
      { ...common, name: 'docs/page.md:3', code, output: 'secure', imports: ['@org/core', 'pg', 'ws'] },
    ]);
  });

  it('need the commands that stand above them', () => {
    const text =
      commands('npx tls cert --out certs localhost # a comment', '', 'npx tls crl --out certs/root.crl') +
      page('first();\n') +
      commands('npx tls cert --out more 127.0.0.1') +
      page('second();\n');
    const [first, second] = examplesOf('docs/page.md', text, isPrivate);
    expect(first?.commands).toEqual([
      ['cert', '--out', 'certs', 'localhost'],
      ['crl', '--out', 'certs/root.crl'],
    ]);
    expect(second?.commands.slice(2)).toEqual([['cert', '--out', 'more', '127.0.0.1']]);
  });

  it('are found when they are not run and import what is private', () => {
    const block = (kind: string, name: string): string => `\`\`\`${kind}\nimport { a } from '${name}';\n\`\`\`\n`;
    const text = `${block('ts', '@org/core')}${block('ts', '@org/pki')}${block('js', '@org/pki')}${block('sh', '@org/pki')}`;
    expect(privateImportsOf('README.md', text, isPrivate)).toEqual([
      'README.md:4 imports @org/pki',
      'README.md:7 imports @org/pki',
    ]);
  });

  it('cannot be pasted when they import what is private, show no output, or need another command', () => {
    const reasonOf = (text: string): string | undefined => examplesOf('docs/page.md', text, isPrivate)[0]?.reason;
    expect(reasonOf(page("import { createRoot } from '@org/pki';\n"))).toBe(
      'imports @org/pki, which nobody can install',
    );
    expect(reasonOf(page('run();\n', ''))).toBe('has no `text` block behind it with its output');
    for (const line of ['rm -r certs', 'npx tls cert --out certs a.test; ls', "npx tls cert --out certs 'a b'"])
      expect(reasonOf(commands(line) + page('run();\n'))).toBe(`needs a command that is not of \`tls\`: ${line}`);
  });
});

describe('the order of archives', () => {
  const archive = (name: string, ...needs: readonly string[]) => ({
    manifest: { name, dependencies: Object.fromEntries(needs.map((each) => [each, '^1.0.0'])) },
  });

  it('has what a package depends on before it', () => {
    const ordered = inOrder([archive('app', 'library'), archive('library', 'core', 'foreign'), archive('core')]);
    expect(ordered.map(({ manifest }) => manifest.name)).toEqual(['core', 'library', 'app']);
  });

  it('is none when packages depend on each other', () => {
    expect(() => inOrder([archive('a', 'b'), archive('b', 'a')])).toThrow('these depend on each other: a, b');
  });
});
