import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runProgram, startServer, type ChildServer } from '../child-process.ts';
import { httpRequest, type ClientPeer, type PeerServerOptions, type PemFiles, type ServerPeer } from '../peer.ts';

const program = { command: 'openssl', install: 'apt-get install openssl' };

export const opensslServer: ServerPeer = {
  name: 'openssl s_server',
  page: 's_server',
  startServer: (files, options) => startOpenssl('-www', files, options),
};

/** Starts a server that sends every line back reversed, so that data goes both ways without HTTP. */
export function startReverser(files: PemFiles): Promise<ChildServer> {
  return startOpenssl('-rev', files);
}

/** Starts a server that adds the secrets of its connections to a file. */
export function startWithKeyLog(files: PemFiles, keyLogFile: string): Promise<ChildServer> {
  return startOpenssl('-www', files, {}, ['-keylogfile', keyLogFile]);
}

/** Starts a server that answers nothing: no other mode of s_server accepts early data. */
export function startListener(files: PemFiles): Promise<ChildServer> {
  return startOpenssl('-early_data', files);
}

/** Starts a server that knows an external PSK (RFC 8446 §2.2) and serves its page to every client that knows it too. */
export function startWithPsk(files: PemFiles, psk: ExternalKey): Promise<ChildServer> {
  return startOpenssl('-www', files, {}, ['-psk_identity', psk.identity, '-psk', psk.keyHex]);
}

export interface ExternalKey {
  readonly identity: string;
  readonly keyHex: string;
}

export const opensslClient: ClientPeer = {
  name: 'openssl s_client',
  fetchPage: async (port, files, { provesItself, resumes, sendsEarlyData } = {}) => {
    const proof = provesItself === true ? ['-cert', files.chain, '-key', files.key] : [];
    if (resumes !== true) return runOpenssl(port, files, proof);
    const sessionFile = path.join(files.folder, `session-${port}`);
    const first = await runOpenssl(port, files, [...proof, '-sess_out', sessionFile]);
    const second = [...proof, '-sess_in', sessionFile];
    if (sendsEarlyData !== true) return first + (await runOpenssl(port, files, second));
    const earlyFile = path.join(files.folder, `early-${port}`);
    await writeFile(earlyFile, httpRequest);
    return first + (await runOpenssl(port, files, [...second, '-early_data', earlyFile], ''));
  },
};

/** Runs s_client, which proves only that it knows the key. @returns what it printed */
export function fetchWithPsk(port: number, files: PemFiles, psk: ExternalKey): Promise<string> {
  return runOpenssl(port, files, ['-tls1_3', '-psk_identity', psk.identity, '-psk', psk.keyHex]);
}

function runOpenssl(port: number, { ca }: PemFiles, flags: readonly string[], input = httpRequest): Promise<string> {
  const args =
    `s_client -quiet -connect 127.0.0.1:${port} -servername localhost -verify_return_error -verify_hostname localhost`
      .split(' ')
      .concat('-CAfile', ca, flags);
  return runProgram({ ...program, args }, input);
}

function startOpenssl(
  mode: string,
  { ca, chain, key }: PemFiles,
  options: PeerServerOptions = {},
  flags: readonly string[] = [],
): Promise<ChildServer> {
  const args = [
    's_server',
    '-accept',
    '127.0.0.1:0',
    mode,
    '-cert',
    chain,
    '-cert_chain',
    chain,
    '-key',
    key,
    ...flags,
  ];
  if (options.version !== undefined) args.push(options.version === '1.2' ? '-tls1_2' : '-tls1_3');
  if (options.onlyP256 === true) args.push('-groups', 'P-256');
  if (options.requiresCertificate === true) args.push('-Verify', '1', '-CAfile', ca, '-verify_return_error');
  return startServer({ ...program, args }, /^ACCEPT \S+:(\d+)$/m);
}
