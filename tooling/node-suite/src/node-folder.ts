import { execFileSync } from 'node:child_process';
import { copyFileSync, linkSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Puts Node into a folder beside OpenSSL's command. Node's tests look for `openssl-cli` beside the Node that runs them, and those that
 * need it as a peer skip themselves without it.
 * @param node the path of Node's executable
 * @returns the path of the executable in the folder
 * @throws Error when there is no `openssl` on PATH
 */
export function nodeBesideOpenssl(node: string, folder: string): string {
  const placed = join(folder, basename(node));
  try {
    linkSync(node, placed);
  } catch {
    copyFileSync(node, placed);
  }
  const openssl = execFileSync('sh', ['-c', 'command -v openssl'], { encoding: 'utf8' }).trim();
  symlinkSync(openssl, join(folder, 'openssl-cli'));
  return placed;
}
