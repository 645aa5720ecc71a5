import { mkdtemp, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { onFreePort, startServer } from '@org/interop/child-process';
import type { LibraryServer } from '../server.ts';

export const mosquitto: LibraryServer = {
  name: 'Mosquitto',
  start: ({ files: { chain, key, folder } }) =>
    onFreePort(async (port) => {
      const configuration = path.join(await mkdtemp(path.join(folder, 'mosquitto-')), 'mosquitto.conf');
      const lines = [
        `user ${userInfo().username}`,
        `listener ${port} 127.0.0.1`,
        `certfile ${chain}`,
        `keyfile ${key}`,
        'allow_anonymous true',
        'log_dest stderr',
      ];
      await writeFile(configuration, `${lines.join('\n')}\n`);
      return startServer(
        { command: 'mosquitto', args: ['-c', configuration], install: 'apt-get install mosquitto' },
        /mosquitto version \S+ running/,
        port,
      );
    }),
};
