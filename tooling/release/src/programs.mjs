import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The compilers, by the version that their users say. */
export const compilers = ['5.9', '6', '7'].map((version) => {
  const manifest = require.resolve(`typescript-${version.split('.')[0]}/package.json`);
  return { version, tsc: join(dirname(manifest), 'bin', 'tsc') };
});

/**
 * The ways in which a program gets at packages that are ES modules. Node's own rules of its version 16 have no `require` of an ES module: a
 * CommonJS program imports there when it runs.
 */
export const moduleKinds = [
  { name: 'ESM, node16', file: 'program.mts', module: 'node16', moduleResolution: 'node16', imports: staticImports },
  {
    name: 'ESM, nodenext',
    file: 'program.mts',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    imports: staticImports,
  },
  { name: 'ESM, bundler', file: 'program.mts', module: 'esnext', moduleResolution: 'bundler', imports: staticImports },
  { name: 'CommonJS, node16', file: 'program.cts', module: 'node16', moduleResolution: 'node16', imports: lateImports },
  {
    name: 'CommonJS, nodenext',
    file: 'program.cts',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    imports: staticImports,
  },
  {
    name: 'CommonJS, bundler',
    file: 'program.cts',
    module: 'preserve',
    moduleResolution: 'bundler',
    imports: requires,
  },
];

function staticImports(specifiers) {
  return (
    specifiers.map((specifier, index) => `import * as entry${index} from '${specifier}';\n`).join('') + used(specifiers)
  );
}

function requires(specifiers) {
  return (
    specifiers.map((specifier, index) => `import entry${index} = require('${specifier}');\n`).join('') +
    used(specifiers)
  );
}

function lateImports(specifiers) {
  return `export const entries = Promise.all([${specifiers.map((specifier) => `import('${specifier}')`).join(', ')}]);\n`;
}

function used(specifiers) {
  return `export const entries = [${specifiers.map((_, index) => `entry${index}`).join(', ')}];\n`;
}

/**
 * Compiles a program that imports every entry, with the declarations of all packages checked too.
 * @param folder a project in which the packages and @types/node are installed
 * @returns the compiler's errors
 */
export function compileFaults(folder, compiler, kind, specifiers) {
  const place = join(folder, 'compiled');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  writeFileSync(join(place, kind.file), kind.imports(specifiers));
  const { module, moduleResolution } = kind;
  const compilerOptions = { ...strictOptions, module, moduleResolution, noEmit: true };
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: [kind.file] }));
  return errorsOf(compiler, place).slice(0, 10);
}

/**
 * Compiles examples to JavaScript, as a stranger with TypeScript and a strict configuration does.
 * @param place a folder below the project's, which is made
 * @param more options beside those of a program for Node
 * @returns for each, in their order, the compiler's errors and the module
 */
export function compileExamples(place, compiler, codes, more = {}) {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  for (const [index, code] of codes.entries()) writeFileSync(join(place, `example-${index}.mts`), code);
  const compilerOptions = {
    ...strictOptions,
    module: 'nodenext',
    moduleResolution: 'nodenext',
    skipLibCheck: true,
    ...more,
  };
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.mts'] }));
  const errors = errorsOf(compiler, place);
  const isOfOne = (error) => /^example-\d+\.mts\(/.test(error);
  const ofAll = errors.filter((error) => !isOfOne(error));
  return codes.map((_, index) => ({
    errors: [...ofAll, ...errors.filter((error) => error.startsWith(`example-${index}.mts(`))],
    file: join(place, `example-${index}.mjs`),
  }));
}

/**
 * Gives in what a run of an example differs from what its page shows.
 * @param backend what `TLS_BACKEND` chooses where the example leaves the choice
 */
export function exampleFaults({ file, output, backend, env, cwd }) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [file], {
    cwd,
    env: { ...env, TLS_BACKEND: backend },
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (status !== 0) return [`it ended with ${signal ?? status}: ${lastLines(stderr)}`];
  if (stdout.trimEnd() !== output)
    return [`it says ${JSON.stringify(stdout.trimEnd())}, and the page ${JSON.stringify(output)}`];
  return [];
}

function lastLines(text) {
  return text.trim().split('\n').slice(-8).join(' | ');
}

function errorsOf({ tsc }, place) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', place, '--pretty', 'false'], {
    cwd: place,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  if (status === 0) return [];
  const errors = stdout.split('\n').filter((line) => line.includes('error TS'));
  return errors.length > 0 ? errors : [`the compiler ended with ${status}: ${stdout}${stderr}`];
}

/** The options of a program for a page, which knows nothing of Node. */
export const pageOptions = { lib: ['es2023', 'dom', 'dom.iterable'], types: [] };

const strictOptions = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
};
