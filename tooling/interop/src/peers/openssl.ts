import { runProgram, startServer, type ChildServer } from '../child-process.ts';
import { httpRequest, type ClientPeer, type PeerServerOptions, type PemFiles, type ServerPeer } from '../peer.ts';

const program = { command: 'openssl', install: 'apt-get install openssl' };

export const opensslServer: ServerPeer = {
  name: 'openssl s_server',
  page: 's_server',
  startServer: (files, options) => startOpenssl('-www', files, options),
};

/** Sends every line back reversed: data both ways without HTTP. */
export function startReverser(files: PemFiles): Promise<ChildServer> {
  return startOpenssl('-rev', files);
}

export const opensslClient: ClientPeer = {
  name: 'openssl s_client',
  fetchPage: (port, { ca }) =>
    runProgram(
      {
        ...program,
        args: `s_client -quiet -connect 127.0.0.1:${port} -servername localhost -verify_return_error -verify_hostname localhost`
          .split(' ')
          .concat('-CAfile', ca),
      },
      httpRequest,
    ),
};

function startOpenssl(mode: string, { chain, key }: PemFiles, options: PeerServerOptions = {}): Promise<ChildServer> {
  const args = ['s_server', '-accept', '127.0.0.1:0', mode, '-cert', chain, '-cert_chain', chain, '-key', key];
  if (options.version !== undefined) args.push(options.version === '1.2' ? '-tls1_2' : '-tls1_3');
  if (options.onlyP256 === true) args.push('-groups', 'P-256');
  return startServer({ ...program, args }, /^ACCEPT \S+:(\d+)$/m);
}
