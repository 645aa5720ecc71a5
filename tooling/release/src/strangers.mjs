import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { collectExamples } from './examples.mjs';
import { firstProgramFaults, makeCertificate } from './first-program-faults.mjs';
import { installProject, installers } from './installers.mjs';
import { compileFaults, compilers, moduleKinds } from './programs.mjs';
import { runExamples } from './pasted-examples.mjs';
import { binFaults, copyFaults, entriesOf, entryFaults } from './project-checks.mjs';

const backends = ['native', 'pure'];
const typesOfNode = '20.19.43';

/** Uses what was published as strangers do: with each package manager, in each kind of program, and by what the documentation shows. */
export async function strangers(tally, { root, folder, registry, archives }) {
  const manifests = archives.map(({ manifest }) => manifest);
  const published = new Set(manifests.map(({ name }) => name));
  const examples = collectExamples(root, (name) => name.startsWith('@org/') && !published.has(name));
  await tally.check(`each of ${examples.length} examples of the documentation can be pasted`, () =>
    examples.length === 0
      ? ['there is none']
      : examples.filter(({ reason }) => reason !== undefined).map(({ name, reason }) => `${name} ${reason}`),
  );
  const pasted = examples.filter(({ reason }) => reason === undefined);

  makeCertificate(folder);
  const projects = installers.map((installer) => ({
    installer,
    folder: join(folder, installer.name.replace(' ', '-')),
  }));
  for (const project of projects) await stranger(tally, project, { registry, manifests, pasted, pems: folder });
  const [{ folder: first }] = projects;
  const specifiers = entriesOf(manifests);
  for (const compiler of compilers) {
    for (const kind of moduleKinds) {
      await tally.check(`TypeScript ${compiler.version}, ${kind.name}: every entry compiles`, () =>
        compileFaults(first, compiler, kind, specifiers),
      );
    }
  }
}

/** One package manager's project: what is installed is what was published, and it runs. */
async function stranger(tally, { installer, folder }, { registry, manifests, pasted, pems }) {
  mkdirSync(folder, { recursive: true });
  const versions = Object.fromEntries(manifests.map(({ name, version }) => [name, version]));
  const foreign = Object.fromEntries(
    pasted.flatMap(({ imports }) => imports.filter((each) => !each.startsWith('@org/'))).map((name) => [name, '*']),
  );
  const dependencies = {
    ...Object.fromEntries(Object.entries(versions).map(([name, version]) => [name, `^${version}`])),
    ...foreign,
    '@types/node': typesOfNode,
  };
  let env;
  const isInstalled = await tally.check(`${installer.name} installs one version of each package`, () => {
    env = installProject(installer, folder, registry.url, dependencies);
    return copyFaults(folder, versions);
  });
  if (!isInstalled) return;
  await tally.check(`${installer.name}: every entry can be imported and required`, () =>
    entryFaults(folder, env, entriesOf(manifests)),
  );
  await tally.check(`${installer.name}: every command starts`, () => binFaults(folder, env, manifests));
  for (const backend of backends)
    await tally.check(`${installer.name}: a first server, client, fetch and node:tls, ${backend}`, () =>
      firstProgramFaults(folder, env, pems, backend),
    );
  await runExamples(tally, { name: installer.name, folder, env }, pasted);
}
