import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from '@org/interop/child-process';
import type { IdentityFiles } from '@org/interop/identity-files';
import type { BackendName, Example } from './examples.ts';
import type { RunningServer } from './server.ts';

/** How a library gets its TLS. */
export type Way =
  | { readonly by: 'node:tls' }
  | { readonly by: 'register'; readonly backend: BackendName }
  | { readonly by: 'seam'; readonly backend: BackendName };

export interface ExampleRun {
  readonly printed: string;
  /** Whether Node's own TLS has done a handshake. It writes each one's keys to a file, which no other implementation knows of. */
  readonly usedNodeTls: boolean;
}

const examplesFolder = path.join(import.meta.dirname, '..', 'examples');
let runs = 0;

/**
 * Runs an example in a process of its own until it ends.
 * @param server what it talks to; undefined for a program that is both sides
 * @param trusted the file of the roots that it trusts
 * @throws Error with what it printed when it does not end with 0
 */
export async function runExample(
  example: Example,
  way: Way,
  { files }: IdentityFiles,
  server: RunningServer | undefined,
  trusted = files.ca,
): Promise<ExampleRun> {
  const script = `${example.name}${way.by === 'seam' ? '.seam' : ''}.mjs`;
  const keyLog = path.join(files.folder, `key-log-${(runs += 1)}`);
  const printed = await runProgram({
    command: process.execPath,
    args: [...(way.by === 'register' ? ['--import', '@org/node-tls/register'] : []), script],
    cwd: examplesFolder,
    install: 'this is Node itself',
    env: {
      NODE_OPTIONS: `--tls-keylog=${keyLog}`,
      CA: trusted,
      CERT: files.chain,
      KEY: files.key,
      ...(server !== undefined && { PORT: String(server.port), ...server.env }),
      ...(way.by !== 'node:tls' && { TLS_BACKEND: way.backend }),
      NODE_EXTRA_CA_CERTS: example.trustsByEnvironment === true ? trusted : '',
    },
  });
  return { printed: printed.trim(), usedNodeTls: existsSync(keyLog) && statSync(keyLog).size > 0 };
}
