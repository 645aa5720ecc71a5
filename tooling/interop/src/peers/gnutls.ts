import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onFreePort, runProgram, startServer } from '../child-process.ts';
import { httpRequest, type ClientPeer, type PeerServerOptions, type ServerPeer } from '../peer.ts';

const install = 'apt-get install gnutls-bin';

export const gnutlsServer: ServerPeer = {
  name: 'gnutls-serv',
  page: 'GnuTLS',
  startServer: ({ ca, chain, key }, options = {}) =>
    onFreePort((port) =>
      startServer(
        {
          command: 'gnutls-serv',
          install,
          args: [
            '--http',
            `--port=${port}`,
            `--priority=${priority(options)}`,
            `--x509certfile=${chain}`,
            `--x509keyfile=${key}`,
            ...(options.requiresCertificate === true
              ? ['--require-client-cert', '--verify-client-cert', `--x509cafile=${ca}`]
              : ['--disable-client-cert']),
            ...(options.acceptsEarlyData === true ? ['--earlydata'] : []),
          ],
        },
        /listening on IPv4 .*done/,
        port,
      ),
    ),
};

export const gnutlsClient: ClientPeer = {
  name: 'gnutls-cli',
  fetchPage: async (port, { ca, chain, key, folder }, { provesItself, resumes, sendsEarlyData } = {}) => {
    const args = ['--x509cafile', ca, '--port', String(port)];
    if (provesItself === true) args.push('--x509certfile', chain, '--x509keyfile', key);
    if (resumes === true) args.push('--resume');
    if (sendsEarlyData === true) {
      const earlyFile = path.join(folder, 'early');
      await writeFile(earlyFile, earlyLine);
      args.push(`--earlydata=${earlyFile}`);
    }
    return runProgram({ command: 'gnutls-cli', install, args: [...args, 'localhost'] }, httpRequest);
  },
};

/** The request itself comes after the handshake, so that this is only its beginning: a server ignores an empty line (RFC 9112 §2.2). */
const earlyLine = '\r\n';

function priority({ version, onlyP256 }: PeerServerOptions): string {
  const versions = version === undefined ? '' : `:-VERS-ALL:+VERS-TLS${version}`;
  return `NORMAL${versions}${onlyP256 === true ? ':-GROUP-ALL:+GROUP-SECP256R1' : ''}`;
}
