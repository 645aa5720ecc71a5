import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.mjs';
import { compileExamples, compilers, exampleFaults } from './programs.mjs';

/**
 * Compiles the examples in a project and runs them, each in a folder that has what the commands of its page make, and nothing else.
 * @param project name, folder and env of the project, in which the packages are installed
 * @param examples as `collectExamples` gives them
 */
export async function runExamples(tally, { name, folder, env }, examples) {
  const codes = examples.map(({ code }) => code);
  const compiled = compileExamples(join(folder, 'examples'), compilers.at(-1), codes);
  const made = new Map();
  for (const [index, example] of examples.entries()) {
    const { errors, file } = compiled[index];
    const title = `${name}: the example of ${example.name}`;
    if (!(await tally.check(`${title} compiles`, () => errors))) continue;
    for (const backend of backendsFor(example.code)) {
      await tally.check(`${title}, ${backend}`, () => {
        const cwd = join(folder, 'runs', `${index}-${backend}`);
        cpSync(folderBy({ folder, env, made }, example.commands), cwd, { recursive: true });
        return exampleFaults({ file, output: example.output, backend, env, cwd });
      });
    }
  }
}

/** Gives the folder in which commands of the installed `tls` were run. The same commands are run once. */
export function folderBy({ folder, env, made }, commands) {
  const key = JSON.stringify(commands);
  const known = made.get(key);
  if (known !== undefined) return known;
  const cwd = join(folder, 'files', String(made.size));
  mkdirSync(cwd, { recursive: true });
  for (const args of commands) command(join(folder, 'node_modules', '.bin', 'tls'), args, { cwd, env });
  made.set(key, cwd);
  return cwd;
}

/** An example that chooses its backend itself is run once: the environment changes nothing for it. */
export function backendsFor(code) {
  return /\bbackend: '|\bcreateBackend\b|\bfor \(const backend of /.test(code) ? ['pure'] : ['native', 'pure'];
}
