import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestCertificate } from '@org/pki';

/** Runs the tools that people make their files with, in a folder of its own. */
export class Workbench implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'tls-identity-'));

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  read(name: string): Uint8Array {
    return readFileSync(join(this.folder, name));
  }

  text(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** Writes `NAME.key`, `NAME.crt` (the leaf), `NAME.ca` (the rest) and `NAME.chain`. */
  put(name: string, { privateKeyPem, certificatePem, chainPem }: TestCertificate): void {
    this.write(`${name}.key`, privateKeyPem);
    this.write(`${name}.crt`, certificatePem);
    this.write(`${name}.chain`, chainPem);
    this.write(`${name}.ca`, chainPem.slice(certificatePem.length));
  }

  /** @throws Error with what the tool wrote, when it fails */
  run(command: string, ...args: readonly string[]): void {
    execFileSync(command, args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Runs `openssl` and gives the file it wrote, `out`. */
  openssl(...args: readonly string[]): Uint8Array {
    this.run('openssl', ...args, '-out', 'out');
    return this.read('out');
  }
}
