import { onFreePort, startServer } from '@org/interop/child-process';
import type { LibraryServer } from '../server.ts';

export const redis: LibraryServer = {
  name: 'Redis',
  start: ({ files: { ca, chain, key, folder } }) =>
    onFreePort((port) => {
      const tls = [
        '--tls-cert-file',
        chain,
        '--tls-key-file',
        key,
        '--tls-ca-cert-file',
        ca,
        '--tls-auth-clients',
        'no',
      ];
      const ports = ['--bind', '127.0.0.1', '--port', '0', '--tls-port', String(port)];
      const args = [...ports, ...tls, '--save', '', '--dir', folder];
      return startServer(
        { command: 'redis-server', args, install: 'apt-get install redis-server' },
        /Ready to accept connections/,
        port,
      );
    }),
};
