import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ObjectIdentifier, Primitive, Sequence } from 'asn1js';
import type { TestCertificate } from './test-certificate.ts';

export interface OcspServerOptions {
  readonly issuer: TestCertificate;
  /** The status of each certificate by its serial number in upper-case hexadecimal digits: valid or revoked. */
  readonly statuses: Readonly<Record<string, 'V' | 'R'>>;
  /** Who signs the responses. Default: the issuer. */
  readonly signer?: TestCertificate;
  /** Further arguments of `openssl ocsp`; by default a response is valid for a day. */
  readonly args?: readonly string[];
}

/** A running `openssl ocsp -port`. */
export interface OcspServer {
  readonly port: number;
  /** What authorityInfoAccess has to hold so that the server is asked. */
  readonly authorityInfoAccess: { readonly oid: string; readonly value: Uint8Array };
  /** Ends the process, and waits until it has ended. */
  stop(): Promise<void>;
}

/** Starts OpenSSL's responder on a free port. It needs the command `openssl`, of version 3. */
export async function startOcspServer(options: OcspServerOptions): Promise<OcspServer> {
  const { issuer, statuses, signer = issuer, args = ['-ndays', '1'] } = options;
  const folder = mkdtempSync(join(tmpdir(), 'pki-ocsp-server-'));
  const file = (name: string, contents: string): string => {
    writeFileSync(join(folder, name), contents);
    return join(folder, name);
  };
  const index = file('index', indexOf(statuses));
  const signed = ['-rsigner', file('signer', signer.certificatePem), '-rkey', file('key', signer.privateKeyPem)];
  const files = ['-index', index, '-CA', file('issuer', issuer.certificatePem), ...signed];
  const child = spawn('openssl', ['ocsp', '-port', '0', ...files, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const port = await portOf(child).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    port,
    authorityInfoAccess: authorityInfoAccess(`http://127.0.0.1:${port}/`),
    stop,
  };
}

/** Makes authorityInfoAccess with one responder (RFC 5280 §4.2.2.1). */
export function authorityInfoAccess(url: string): OcspServer['authorityInfoAccess'] {
  const location = new Primitive({ idBlock: { tagClass: 3, tagNumber: 6 }, valueHex: new TextEncoder().encode(url) });
  const description = new Sequence({ value: [new ObjectIdentifier({ value: '1.3.6.1.5.5.7.48.1' }), location] });
  const value = new Sequence({ value: [description] }).toBER();
  return { oid: '1.3.6.1.5.5.7.1.1', value: new Uint8Array(value) };
}

function indexOf(statuses: OcspServerOptions['statuses']): string {
  return Object.entries(statuses)
    .map(([serial, status]) => {
      const revokedAt = status === 'R' ? '260101000000Z' : '';
      return `${status}\t300101000000Z\t${revokedAt}\t${serial}\tunknown\t/CN=certificate\n`;
    })
    .join('');
}

/** The server says on which port it listens: `ACCEPT [::]:43701 PID=20056`. */
async function portOf(child: ChildProcess): Promise<number> {
  let said = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => {
        said += bytes.toString();
        const port = /ACCEPT \S+:(\d+)/u.exec(said)?.[1];
        if (port !== undefined) resolve(Number(port));
      });
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`openssl ocsp has ended: ${said}`)));
  });
}
