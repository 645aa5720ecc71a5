import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isForTestRunner } from '@org/release-checks/import-faults';
import { tried } from './command.mjs';

/** The entries of packages that any program may import. */
export function entriesOf(manifests) {
  return manifests.flatMap((manifest) =>
    Object.keys(manifest.exports ?? {})
      .filter((entry) => !isForTestRunner(manifest, entry))
      .map((entry) => manifest.name + entry.slice(1)),
  );
}

/** Gives the packages of ours that an install has brought in other versions than those wanted, or in several. */
export function copyFaults(folder, wanted) {
  const found = installedVersions(join(folder, 'node_modules'));
  return Object.entries(wanted)
    .map(([name, version]) => [name, version, [...(found.get(name) ?? [])]])
    .filter(([, version, versions]) => versions.length !== 1 || versions[0] !== version)
    .map(
      ([name, version, versions]) => `${name}: ${versions.join(' and ') || 'nothing'} is installed, and not ${version}`,
    );
}

/** Finds the versions of each package of ours below node_modules, nested ones too. */
export function installedVersions(modules) {
  const found = new Map();
  for (const path of readdirSync(modules, { recursive: true })) {
    if (
      !/(^|[/\\])node_modules[/\\]@org[/\\][^/\\]+[/\\]package\.json$|^@org[/\\][^/\\]+[/\\]package\.json$/.test(path)
    )
      continue;
    const { name, version } = JSON.parse(readFileSync(join(modules, path), 'utf8'));
    found.set(name, (found.get(name) ?? new Set()).add(version));
  }
  return found;
}

/** Imports every entry, and requires it, in a program of the project. */
export function entryFaults(folder, env, specifiers) {
  const list = JSON.stringify(specifiers);
  const report = 'catch (error) { console.log(`${each}: ${error.message}`); process.exitCode = 1; }';
  const programs = {
    'entries.mjs': `for (const each of ${list}) try { await import(each); } ${report}\n`,
    'entries.cjs': `for (const each of ${list}) try { require(each); } ${report}\n`,
  };
  return Object.entries(programs).flatMap(([name, code]) => {
    writeFileSync(join(folder, name), code);
    const { status, stdout, stderr } = tried(process.execPath, [join(folder, name)], { cwd: folder, env });
    return status === 0 ? [] : [`${name}: ${stdout.trim()} ${stderr.trim()}`];
  });
}

/** Starts every command that the packages bring. */
export function binFaults(folder, env, manifests) {
  return manifests
    .flatMap(({ bin }) => Object.keys(bin ?? {}))
    .flatMap((name) => {
      const { status, stderr, error } = tried(join(folder, 'node_modules', '.bin', name), ['--help'], {
        cwd: folder,
        env,
      });
      return status === 0 ? [] : [`${name} --help: ended with ${status}: ${error?.message ?? stderr}`];
    });
}
