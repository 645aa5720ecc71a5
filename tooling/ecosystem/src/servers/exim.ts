import { mkdtemp, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { onFreePort, startServer } from '@org/interop/child-process';
import type { LibraryServer, RunningServer } from '../server.ts';

/** Its TLS is GnuTLS. It takes mail for everybody and throws it away. */
export const exim: LibraryServer = {
  name: 'Exim',
  start: async ({ files }) => {
    const folder = await mkdtemp(path.join(files.folder, 'exim-'));
    const configuration = path.join(folder, 'exim.conf');
    return onFreePort((port) =>
      onFreePort(async (tlsPort): Promise<RunningServer & { printed(): string }> => {
        await writeFile(configuration, configure(folder, files, port, tlsPort));
        // It says that it listens only to who debugs something.
        const args = ['-bdf', '-C', configuration, '-d-all+tls'];
        const server = await startServer(
          { command: 'exim4', args, install: 'apt-get install exim4-daemon-light' },
          /Listening/,
          port,
        );
        return Object.assign(server, { env: { TLS_PORT: String(tlsPort) } });
      }),
    );
  },
};

function configure(folder: string, tls: { readonly chain: string; readonly key: string }, ...ports: number[]): string {
  const { username } = userInfo();
  return `primary_hostname = localhost
qualify_domain = localhost
exim_user = ${username}
never_users =
spool_directory = ${folder}/spool
log_file_path = ${folder}/%slog
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${ports.join(' : ')}
tls_on_connect_ports = ${ports[1]}
tls_advertise_hosts = *
tls_certificate = ${tls.chain}
tls_privatekey = ${tls.key}
acl_smtp_rcpt = only_over_tls
begin acl
only_over_tls:
  require encrypted = *
  accept
begin routers
nowhere:
  driver = redirect
  data = :blackhole:
`;
}
