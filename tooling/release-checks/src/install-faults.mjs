import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { otherNodes } from '@org/node-matrix';
import { createRoot } from '@org/pki';

/**
 * Installs the native backend as a user would, where there is no registry, no compiler and no permission to run scripts. It does a
 * handshake there on every supported version of Node, in which the system's OpenSSL must do the work.
 * @param folder a path at which nothing exists yet
 */
export async function installFaults(archives, folder) {
  const wanted = archives.filter(({ name }) => installed.includes(name));
  const bin = join(folder, 'bin');
  const project = join(folder, 'project');
  for (const each of [bin, project]) mkdirSync(each, { recursive: true });
  symlinkSync(process.execPath, join(bin, 'node'));

  const tarballs = Object.fromEntries([
    ...wanted.map(({ name, tarball }) => [name, tarball]),
    ...wanted.flatMap((archive) => foreignTarballs(archive, folder)),
  ]);
  const dependencies = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  const env = { PATH: bin, HOME: folder, npm_config_cache: join(folder, 'cache') };
  const npm = commandPath('npm');
  const install = [npm, 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status, stdout, stderr } = spawnSync(process.execPath, install, { cwd: project, env, encoding: 'utf8' });
  if (status !== 0) return [`an install without registry, compiler and scripts fails:\n${stdout}${stderr}`];

  const handshake = join(project, 'handshake.mjs');
  copyFileSync(fileURLToPath(new URL('installed-handshake.mjs', import.meta.url)), handshake);
  const root = await createRoot();
  const leaf = await root.issue({ names: ['localhost'] });
  const pems = { root: root.certificatePem, chain: leaf.chainPem, key: leaf.privateKeyPem };
  const expected = `OpenSSL ${systemVersion()}`;
  const ofNodes = [];
  const nodes = [[`Node ${process.versions.node}`, process.execPath], ...otherNodes];
  const runs = nodes.flatMap((each) => ['', 'system'].map((library) => [...each, library]));
  const faults = runs.flatMap(([name, node, library]) => {
    const result = spawnSync(node, [handshake], {
      cwd: project,
      env: { ...env, PEMS: JSON.stringify(pems), ...(library !== '' && { TLS_NATIVE_LIBRARY: library }) },
      encoding: 'utf8',
    });
    const run = `on ${name}${library === '' ? '' : `, with the ${library}'s library`}`;
    if (result.status !== 0) return [`${run}: ${result.stderr}`];
    console.log(`installed, ${run}: ${result.stdout.trim()}`);
    const answer = JSON.parse(result.stdout);
    ofNodes.push(`OpenSSL ${answer.ofNode}`);
    const isOfNode = library === '' && answer.path !== undefined && realpathSync(answer.path) === realpathSync(node);
    return libraryFaults(answer, isOfNode ? `OpenSSL ${answer.ofNode}` : expected, isOfNode).map(
      (fault) => `${run}: ${fault}`,
    );
  });
  if (ofNodes.every((version) => version === expected))
    faults.push(`every Node here has ${expected} too: nothing is proven`);
  return faults.map((fault) => `the installed @org/tls-native, ${fault}`);
}

/** Checks that it is the system's library, or the copy inside Node, which runs by itself where it is newer. */
function libraryFaults({ path, version, implementation, protocol }, expected, isOfNode) {
  const faults = [];
  if (protocol !== 'TLSv1.3') faults.push(`the handshake gave ${protocol}`);
  if (!isOfNode && basename(path) !== 'libssl.so.3') faults.push(`the library is ${path}`);
  if (version !== expected) faults.push(`the library is ${version}, and ${expected} was expected`);
  if (implementation !== version) faults.push(`info.implementation is ${implementation}, not ${version}`);
  return faults;
}

/** Packs what a package needs of others, from the workspace's copies. */
function foreignTarballs({ source, manifest }, folder) {
  const names = Object.keys(manifest.dependencies ?? {}).filter((name) => !name.startsWith('@org/'));
  return names.map((name) => {
    const copy = realpathSync(join(source, 'node_modules', name));
    const args = ['pack', copy, '--ignore-scripts', '--pack-destination', folder];
    const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm pack ${name} fails:\n${stderr}`);
    return [name, join(folder, stdout.trim().split('\n').at(-1) ?? '')];
  });
}

function systemVersion() {
  const { stdout } = spawnSync('openssl', ['version'], { encoding: 'utf8' });
  const [, version] = /^OpenSSL (\S+)/.exec(stdout ?? '') ?? [];
  if (version === undefined) throw new Error('the system has no openssl command; on Debian: apt-get install openssl');
  return version;
}

function commandPath(name) {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`there is no ${name} on PATH`);
  const path = realpathSync(found);
  if (!readFileSync(path, 'utf8').startsWith('#!/usr/bin/env node'))
    throw new Error(`${path} is not a script for Node`);
  return path;
}

const installed = ['@org/tls-core', '@org/tls-crypto', '@org/tls-native'];
