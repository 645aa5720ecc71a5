import { chmod, chown, copyFile, mkdtemp, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { onFreePort, runProgram, startServer } from '@org/interop/child-process';
import type { LibraryServer } from '../server.ts';
import { userOf } from '../system-user.ts';

const install = 'apt-get install postgresql';

export const postgresql: LibraryServer = {
  name: 'PostgreSQL',
  start: async ({ files }) => {
    // It refuses to be root's, and to read a key that is another user's.
    const user = userInfo().uid === 0 ? await userOf('postgres') : undefined;
    const folder = await mkdtemp(path.join(files.folder, 'postgresql-'));
    const [data, key] = [path.join(folder, 'data'), path.join(folder, 'key.pem')];
    await copyFile(files.key, key);
    await chmod(files.folder, 0o755);
    if (user !== undefined) for (const file of [folder, key]) await chown(file, user.uid, user.gid);
    const make = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-sync', '--no-instructions'];
    await runProgram({ command: 'initdb', args: [...make, '--no-locale'], user, install });
    await writeFile(path.join(data, 'pg_hba.conf'), 'hostssl all all 127.0.0.1/32 trust\n');
    return onFreePort((port) => {
      const settings = {
        listen_addresses: '127.0.0.1',
        unix_socket_directories: '',
        ssl: 'on',
        ssl_cert_file: files.chain,
        ssl_key_file: key,
        fsync: 'off',
      };
      const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      const args = ['-D', data, '-p', String(port), ...given];
      const ready = /database system is ready to accept connections/;
      // SIGTERM would wait until the last client has left.
      return startServer({ command: 'postgres', args, user, install, stopSignal: 'SIGINT' }, ready, port);
    });
  },
};
