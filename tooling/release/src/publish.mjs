// Publishes the archives below a folder that the registry does not have yet: `publish.mjs FOLDER`; with `--list` it prints their tags and
// publishes nothing, and `--no-provenance` is for a registry on this machine, whose packages nobody attests. npm finds registry and credentials
// as it always does; in a workflow with `id-token: write` it trades the workflow's identity for both a short-lived token and the provenance.
// What failed half-way is done by a second run.

import { spawnSync } from 'node:child_process';
import { readArchives, tagOf } from './archives.mjs';

const known = ['--list', '--no-provenance'];

async function main([folder, ...flags]) {
  if (folder === undefined || flags.some((flag) => !known.includes(flag)))
    throw new Error(`usage: publish.mjs FOLDER [${known.join('] [')}]`);
  const archives = readArchives(folder);
  if (archives.length === 0) throw new Error(`${folder} holds no archive`);
  const registry = npm('config', 'get', 'registry').trim().replace(/\/?$/, '/');
  for (const { path, manifest } of await unpublished(registry, archives)) {
    if (!flags.includes('--list')) publish(path, manifest, flags);
    console.log(tagOf(manifest));
  }
}

/** Asks before npm runs, and lets nothing else run: a connection that was kept would be closed by the registry behind its back. */
async function unpublished(registry, archives) {
  const missing = [];
  for (const archive of archives) if (!(await isPublished(registry, archive.manifest))) missing.push(archive);
  return missing;
}

/** Asks the registry; an answer that is no answer ends the run. */
async function isPublished(registry, { name, version }) {
  const response = await fetch(`${registry}${name.replace('/', '%2f')}`);
  if (response.status === 404) return false;
  if (response.status !== 200) throw new Error(`the registry answers ${response.status} when asked for ${name}`);
  return Object.hasOwn((await response.json()).versions, version);
}

function publish(path, { version }, flags) {
  const args = ['publish', path, '--access', 'public', '--tag', version.includes('-') ? 'next' : 'latest'];
  // A flag is the only thing that npm hears before the package's own `publishConfig`.
  if (flags.includes('--no-provenance')) args.push('--provenance=false');
  npm(...args);
}

function npm(...args) {
  const shell = process.platform === 'win32';
  const { status, error, stdout, stderr } = spawnSync('npm', args, { encoding: 'utf8', shell });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} fails: ${error?.message ?? `${stdout}${stderr}`}`);
  return stdout;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`publish: ${error.message}${error.cause === undefined ? '' : `: ${error.cause.message}`}`);
  process.exitCode = 1;
}
