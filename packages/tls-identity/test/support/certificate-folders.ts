import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestCertificate } from '@org/pki';

/** A folder in which certificates are renewed as programs do that. */
export class CertificateFolders implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'renewed-'));
  readonly #versions = new Map<string, number>();

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  path(...names: readonly string[]): string {
    return join(this.root, ...names);
  }

  write(name: string, contents: string | Uint8Array): string {
    const path = this.path(name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, contents);
    return path;
  }

  /** certbot writes new files into `archive`, and then swaps the links in `live` one by one. */
  certbot(name: string, { chainPem, certificatePem, privateKeyPem }: TestCertificate, keyOf?: TestCertificate): string {
    const version = (this.#versions.get(name) ?? 0) + 1;
    this.#versions.set(name, version);
    const files = {
      cert: certificatePem,
      privkey: (keyOf ?? { privateKeyPem }).privateKeyPem,
      chain: chainPem.slice(certificatePem.length),
      fullchain: chainPem,
    };
    for (const [file, text] of Object.entries(files)) {
      this.write(`archive/${name}/${file}${version}.pem`, text);
      mkdirSync(this.path('live', name), { recursive: true });
      const link = this.path('live', name, `${file}.pem`);
      if (version > 1) unlinkSync(link);
      symlinkSync(`../../archive/${name}/${file}${version}.pem`, link);
    }
    if (version === 1) this.write(`live/${name}/README`, 'This directory contains your keys and certificates.');
    return this.path('live', name);
  }

  /** Kubernetes makes a new folder, and then replaces one link to it. */
  kubernetes(name: string, { chainPem, privateKeyPem }: TestCertificate): string {
    const version = (this.#versions.get(name) ?? 0) + 1;
    this.#versions.set(name, version);
    this.write(`${name}/..${version}/tls.crt`, chainPem);
    this.write(`${name}/..${version}/tls.key`, privateKeyPem);
    this.write(`${name}/..${version}/ca.crt`, chainPem);
    symlinkSync(`..${version}`, this.path(name, '..data_tmp'));
    renameSync(this.path(name, '..data_tmp'), this.path(name, '..data'));
    if (version === 1)
      for (const file of ['tls.crt', 'tls.key', 'ca.crt']) symlinkSync(`..data/${file}`, this.path(name, file));
    return this.path(name);
  }
}
