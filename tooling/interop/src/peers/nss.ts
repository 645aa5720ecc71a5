import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { onFreePort, runProgram, startServer, type ChildServer } from '../child-process.ts';
import { httpRequest, type ClientPeer, type PeerServerOptions, type PemFiles, type ServerPeer } from '../peer.ts';

const run = promisify(execFile);
const install = 'apt-get install libnss3-tools';

export const nssServer: ServerPeer = {
  name: 'NSS selfserv',
  page: /^EOF\r$/m, // it stands behind the request, which the page repeats
  startServer: startSelfserv,
};

function startSelfserv(
  files: PemFiles,
  { version, onlyP256, requiresCertificate }: PeerServerOptions = {},
): Promise<ChildServer> {
  return onFreePort(async (port) => {
    const args = ['-d', await makeDatabase(files), '-n', 'leaf', '-p', String(port), '-v', '-u'];
    args.push('-V', version === undefined ? 'tls1.2:tls1.3' : `tls${version}:tls${version}`);
    if (version === '1.2') args.push('-G');
    if (onlyP256 === true) args.push('-I', 'P256');
    if (requiresCertificate === true) args.push('-r', '-r');
    return startServer({ command: 'selfserv', install, args }, /selfserv: About to call accept/, port);
  });
}

export const nssClient: ClientPeer = {
  name: 'NSS tstclnt',
  fetchPage: (port, files, { provesItself, resumes, sendsEarlyData } = {}) =>
    runTstclnt(port, files, [
      ...(provesItself === true ? ['-n', 'leaf'] : []),
      ...(resumes === true ? ['-u', '-L', '2'] : []),
      ...(sendsEarlyData === true ? ['-Z'] : []),
    ]),
};

/** Hides the name behind the list's public name. @returns what the client printed */
export function fetchWithEch(port: number, files: PemFiles, echConfigList: Uint8Array): Promise<string> {
  return runTstclnt(port, files, ['-N', Buffer.from(echConfigList).toString('base64')]);
}

/** The client does not end at the end of its stdin, but at that of a file. */
async function runTstclnt(port: number, files: PemFiles, flags: readonly string[]): Promise<string> {
  const database = await makeDatabase(files);
  const file = path.join(database, 'request');
  await writeFile(file, httpRequest);
  const args = ['-d', database, '-h', 'localhost', '-p', String(port), '-V', 'tls1.2:tls1.3', '-A', file, ...flags];
  return runProgram({ command: 'tstclnt', install, args });
}

/** Makes a database, in which NSS keeps certificates: it has the CA, and the leaf with its key. */
async function makeDatabase({ folder, ca, chain, key }: PemFiles): Promise<string> {
  const database = await mkdtemp(path.join(folder, 'nss-'));
  const p12 = path.join(database, 'leaf.p12');
  const pack = ['pkcs12', '-export', '-in', chain, '-inkey', key, '-out', p12, '-passout', 'pass:', '-name', 'leaf'];
  await run('openssl', pack);
  await run('certutil', ['-N', '-d', database, '--empty-password']);
  await run('certutil', ['-A', '-d', database, '-n', 'ca', '-t', 'CT,C,C', '-i', ca]);
  await run('pk12util', ['-i', p12, '-d', database, '-W', '']);
  return database;
}
