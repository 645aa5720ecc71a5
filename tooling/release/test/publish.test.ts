import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRegistry } from '../src/registry.mjs';

let folder: string;
let registry: Awaited<ReturnType<typeof startRegistry>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'release-publish-'));
  // There is no uplink: all that is asked for is ours.
  registry = await startRegistry(join(folder, 'registry'), 'http://127.0.0.1:9/');
  archive('@org/app', { '@org/core': '^0.1.0' });
  archive('@org/core', {});
}, 120_000);
afterAll(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

function archive(name: string, dependencies: Readonly<Record<string, string>>): void {
  const source = join(folder, 'sources', name);
  const tarball = join(folder, 'tarballs', name, 'archive.tgz');
  for (const each of [join(source, 'package'), dirname(tarball)]) mkdirSync(each, { recursive: true });
  const manifest = { name, version: '0.1.0', dependencies, publishConfig: { access: 'public', provenance: true } };
  writeFileSync(join(source, 'package', 'package.json'), JSON.stringify(manifest));
  expect(spawnSync('tar', ['-czf', tarball, '-C', source, 'package']).status).toBe(0);
}

interface Ended {
  readonly status: number | null;
  readonly lines: readonly string[];
  readonly complaint: string;
}

/** Runs a script as the workflow does; the registry's user is known to it when there is a token. */
async function run(script: string, args: readonly string[], { url = registry.url, token = '' } = {}): Promise<Ended> {
  const rc = join(folder, 'npmrc');
  const host = url.replace(/^http:/, '');
  writeFileSync(rc, `registry=${url}\nfetch-retries=0\n${token === '' ? '' : `${host}:_authToken=${token}\n`}`);
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    NPM_CONFIG_USERCONFIG: rc,
    npm_config_cache: join(folder, 'cache'),
  };
  const path = join(import.meta.dirname, '..', 'src', script);
  const child = spawn(process.execPath, [path, ...args], { cwd: join(folder, 'sources'), env });
  let [output, complaint] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, lines: output.split('\n').filter((line) => line !== ''), complaint };
}

it('publishing without a token fails, and says of which package', async () => {
  const { status, lines, complaint } = await run('publish.mjs', [folder, '--no-provenance']);
  expect({ status, lines }).toEqual({ status: 1, lines: [] });
  expect(complaint).toMatch(/npm publish .*core.* fails/);
});

it('publishing ends when the registry does not say what it has', async () => {
  const { status, complaint } = await run('publish.mjs', [folder, '--list'], { url: 'http://127.0.0.1:9/' });
  expect(status).toBe(1);
  expect(complaint).toContain('fetch failed');
});

it('publishing is told an option that it does not know, and a folder without archives', async () => {
  expect(await run('publish.mjs', [folder, '--lsit'])).toMatchObject({ status: 1, lines: [] });
  expect(await run('publish.mjs', [join(folder, 'sources')])).toMatchObject({ status: 1, lines: [] });
});

it('packages are published after what they depend on, once', async () => {
  const { token } = registry;
  const tags = ['@org/core@0.1.0', '@org/app@0.1.0'];
  expect(await run('publish.mjs', [folder, '--list'], { token })).toMatchObject({ status: 0, lines: tags });
  expect(await run('publish.mjs', [folder, '--no-provenance'], { token })).toMatchObject({ status: 0, lines: tags });
  expect(await run('publish.mjs', [folder, '--no-provenance'], { token })).toMatchObject({ status: 0, lines: [] });
});

it('the registry is asked for all packages before one is published: it closes what is idle while npm is at work', async () => {
  const requests: string[] = [];
  const patient = createServer((request, response) => {
    const isOfNpm = request.headers['user-agent']?.startsWith('npm/') === true;
    if (!isOfNpm || request.method === 'PUT') requests.push(`${request.method} ${request.url}`);
    request.resume().once('end', () => response.writeHead(request.method === 'PUT' ? 201 : 404).end('{}'));
  }).listen(0, '127.0.0.1');
  await once(patient, 'listening');
  try {
    const url = `http://127.0.0.1:${(patient.address() as AddressInfo).port}/`;
    const archives = join(folder, 'tarballs');
    const answer = await run('publish.mjs', [archives, '--no-provenance'], { url, token: registry.token });
    expect(answer).toMatchObject({ status: 0, lines: ['@org/core@0.1.0', '@org/app@0.1.0'], complaint: '' });
  } finally {
    patient.close();
  }
  const ours = ['/@org%2fcore', '/@org%2fapp'];
  expect(requests).toEqual([...ours.map((path) => `GET ${path}`), ...ours.map((path) => `PUT ${path}`)]);
});

it('releases are tagged once, on the commit that is checked out', async () => {
  const cwd = join(folder, 'sources');
  const identity = ['-c', 'user.name=nobody', '-c', 'user.email=nobody@localhost'];
  for (const args of [
    ['init', '--quiet'],
    [...identity, 'commit', '--quiet', '--allow-empty', '-m', 'empty'],
  ])
    expect(spawnSync('git', args, { cwd }).status).toBe(0);
  for (const [key, value] of [
    ['name', 'nobody'],
    ['email', 'nobody@localhost'],
  ])
    spawnSync('git', ['config', `user.${key}`, `${value}`], { cwd });
  const tags = ['@org/core@0.1.0', '@org/app@0.1.0'];
  expect(await run('tag.mjs', [folder])).toMatchObject({ status: 0, lines: tags });
  expect(await run('tag.mjs', [folder])).toMatchObject({ status: 0, lines: [] });
  expect(spawnSync('git', ['tag', '--points-at', 'HEAD'], { cwd, encoding: 'utf8' }).stdout.trim().split('\n')).toEqual(
    [...tags].sort(),
  );
});
