import { onFreePort, runProgram, startServer } from '../child-process.ts';
import { httpRequest, type ClientPeer, type PeerServerOptions, type ServerPeer } from '../peer.ts';

const install = 'apt-get install gnutls-bin';

export const gnutlsServer: ServerPeer = {
  name: 'gnutls-serv',
  page: 'GnuTLS',
  startServer: ({ chain, key }, options = {}) =>
    onFreePort((port) =>
      startServer(
        {
          command: 'gnutls-serv',
          install,
          args: [
            '--http',
            '--disable-client-cert',
            `--port=${port}`,
            `--priority=${priority(options)}`,
            `--x509certfile=${chain}`,
            `--x509keyfile=${key}`,
          ],
        },
        /listening on IPv4 .*done/,
        port,
      ),
    ),
};

export const gnutlsClient: ClientPeer = {
  name: 'gnutls-cli',
  fetchPage: (port, { ca }) =>
    runProgram(
      { command: 'gnutls-cli', install, args: ['--x509cafile', ca, '--port', String(port), 'localhost'] },
      httpRequest,
    ),
};

function priority({ version, onlyP256 }: PeerServerOptions): string {
  const versions = version === undefined ? '' : `:-VERS-ALL:+VERS-TLS${version}`;
  return `NORMAL${versions}${onlyP256 === true ? ':-GROUP-ALL:+GROUP-SECP256R1' : ''}`;
}
