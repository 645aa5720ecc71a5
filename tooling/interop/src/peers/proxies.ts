import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onFreePort, startServer, type ChildServer } from '../child-process.ts';
import type { PemFiles } from '../peer.ts';

/** Squid, which is spoken to over TLS or in clear text, and opens tunnels to one port only. */
export function startSquid(files: PemFiles, isSecured: boolean, tunnelsTo: number): Promise<ChildServer> {
  const listening = (port: number): string =>
    isSecured
      ? `https_port 127.0.0.1:${port} tls-cert=${files.chain} tls-key=${files.key}`
      : `http_port 127.0.0.1:${port}`;
  return startConfigured(files, 'squid', (port) => ({
    configuration: `${listening(port)}
pid_filename none
access_log none
cache_log /dev/null
cache deny all
pinger_enable off
shutdown_lifetime 0 seconds
acl CONNECT method CONNECT
acl open port ${tunnelsTo}
http_access allow CONNECT open
http_access deny all
`,
    // Each has a name of its own, by which it names its memory in the system.
    args: ['-N', '-n', `squid${port}`, '-d', '1', '-f'],
    install: 'apt-get install squid-openssl',
    ready: /Accepting (?:HTTP|HTTPS|SSL bumped HTTPS) Socket connections/,
    listensLater: true,
  }));
}

/** tinyproxy, which wants the credentials `user:secret`. */
export function startTinyproxy(files: PemFiles): Promise<ChildServer> {
  return startConfigured(files, 'tinyproxy', (port) => ({
    configuration: `Port ${port}
Listen 127.0.0.1
BasicAuth user secret
Timeout 60
MaxClients 20
Allow 127.0.0.1
`,
    args: ['-d', '-c'],
    install: 'apt-get install tinyproxy',
    ready: /Accepting connections/,
  }));
}

/** Dante, a server of SOCKS5. */
export function startDante(files: PemFiles): Promise<ChildServer> {
  const users = process.getuid?.() === 0 ? 'user.privileged: root\nuser.unprivileged: nobody\n' : '';
  return startConfigured(files, 'danted', (port) => ({
    configuration: `logoutput: stderr
internal: 127.0.0.1 port = ${port}
external: 127.0.0.1
clientmethod: none
socksmethod: none
${users}client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 protocol: tcp }
`,
    args: ['-p', path.join(files.folder, `danted-${port}.pid`), '-f'],
    install: 'apt-get install dante-server',
    ready: /Dante\/server.* running/,
  }));
}

interface Configured {
  readonly configuration: string;
  /** The file of the configuration stands behind them. */
  readonly args: readonly string[];
  readonly install: string;
  readonly ready: RegExp;
  readonly listensLater?: boolean;
}

function startConfigured(
  files: PemFiles,
  command: string,
  configure: (port: number) => Configured,
): Promise<ChildServer> {
  return onFreePort(async (port) => {
    const { configuration, ready, ...program } = configure(port);
    const folder = await mkdtemp(path.join(files.folder, `${command}-`));
    const file = path.join(folder, 'configuration');
    await writeFile(file, configuration);
    return startServer({ ...program, command, args: [...program.args, file], cwd: folder }, ready, port);
  });
}
