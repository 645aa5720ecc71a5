import { mkdtemp, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { onFreePort, runProgram, startServer } from '@org/interop/child-process';
import type { LibraryServer } from '../server.ts';

const install = 'apt-get install mariadb-server';

export const mariadb: LibraryServer = {
  name: 'MariaDB',
  start: async ({ files: { chain, key, folder } }) => {
    const home = await mkdtemp(path.join(folder, 'mariadb-'));
    const data = path.join(home, 'data');
    const user = `--user=${userInfo().username}`;
    const make = ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'];
    await runProgram({ command: 'mariadb-install-db', args: [...make, user], install });
    const users = path.join(home, 'users.sql');
    await writeFile(users, "CREATE USER app@'%' IDENTIFIED BY 'secret' REQUIRE SSL;\n");
    return onFreePort((port) => {
      const places = [`--datadir=${data}`, `--socket=${path.join(home, 'socket')}`, `--init-file=${users}`];
      const tls = [`--ssl-cert=${chain}`, `--ssl-key=${key}`];
      const args = ['--no-defaults', user, '--bind-address=127.0.0.1', `--port=${port}`, ...places, ...tls];
      return startServer({ command: 'mariadbd', args, install }, /ready for connections/, port);
    });
  },
};
