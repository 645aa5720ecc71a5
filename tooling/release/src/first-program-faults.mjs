import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command, tried } from './command.mjs';
import { differences } from './differences.mjs';

/** Makes a certificate of localhost that signs itself, with the command that the documentation may name. */
export function makeCertificate(folder) {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  command('openssl', ['req', '-x509', '-days', '2', ...names, ...key, '-out', 'cert.pem'], { cwd: folder });
}

/**
 * Runs a first program in a project, over a backend that the environment chooses.
 * @param pems the folder with cert.pem and key.pem
 */
export function firstProgramFaults(folder, env, pems, backend) {
  const program = join(folder, 'first-program.mjs');
  copyFileSync(fileURLToPath(new URL('first-program.mjs', import.meta.url)), program);
  for (const name of ['cert.pem', 'key.pem']) copyFileSync(join(pems, name), join(folder, name));
  const { status, signal, stdout, stderr } = tried(process.execPath, [program], {
    cwd: folder,
    env: { ...env, TLS_BACKEND: backend },
    timeout: 120_000,
  });
  if (status !== 0) return [`it ended with ${signal ?? status}: ${stderr.trim()}`];
  const expected = ['connect', 'fetch', 'node-tls'].map((name) => `${name} TLSv1.3 ${backend}`);
  return differences('said', stdout.trim().split('\n'), expected);
}
