import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onFreePort, startServer, type ChildServer } from '@org/interop/child-process';
import type { LibraryServer } from '../server.ts';

const install = 'apt-get install rabbitmq-server';

export const rabbitmq: LibraryServer = {
  name: 'RabbitMQ',
  start: async ({ files }) => {
    const home = await mkdtemp(path.join(files.folder, 'rabbitmq-'));
    // Erlang would leave a daemon of its own behind, whose port it is told instead.
    const names = await onFreePort((port) =>
      startServer(
        { command: 'epmd', args: ['-d', '-port', String(port), '-address', '127.0.0.1'], install },
        /epmd running/,
        port,
      ),
    );
    try {
      const server = await onFreePort((port) =>
        onFreePort((distribution) => launch(home, files, { port, distribution, names })),
      );
      return {
        port: server.port,
        [Symbol.asyncDispose]: async () => {
          await server[Symbol.asyncDispose]();
          await names[Symbol.asyncDispose]();
        },
      };
    } catch (error) {
      await names[Symbol.asyncDispose]();
      throw error;
    }
  },
};

async function launch(
  home: string,
  files: { readonly ca: string; readonly chain: string; readonly key: string },
  ports: { readonly port: number; readonly distribution: number; readonly names: ChildServer },
): Promise<ChildServer> {
  const [configuration, plugins] = [path.join(home, 'rabbitmq.conf'), path.join(home, 'plugins')];
  await writeFile(plugins, '[].\n');
  const lines = {
    'listeners.tcp': 'none',
    'listeners.ssl.1': `127.0.0.1:${ports.port}`,
    'ssl_options.cacertfile': files.ca,
    'ssl_options.certfile': files.chain,
    'ssl_options.keyfile': files.key,
    'ssl_options.verify': 'verify_none',
  };
  await writeFile(
    configuration,
    Object.entries(lines)
      .map(([name, value]) => `${name} = ${value}\n`)
      .join(''),
  );
  const env = {
    HOME: home,
    ERL_EPMD_PORT: String(ports.names.port),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `tls-${ports.port}@localhost`,
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_MNESIA_BASE: home,
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONFIG_FILE: configuration,
    RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
  };
  const command = '/usr/lib/rabbitmq/bin/rabbitmq-server'; // the one on PATH changes the user
  return startServer({ command, args: [], env, install }, /Server startup complete/, ports.port);
}
