import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { connect } from '@org/tls-core/node';
import { parseHostPort } from './host-port.ts';
import { reportSecurity, securityLines } from './report-security.ts';
import { addTlsOptions, clientTls, collect, timeoutSignal, type TlsOptions } from './tls-options.ts';

interface ConnectOptions extends TlsOptions {
  readonly alpn?: readonly string[];
  readonly verbose?: true;
}

/** The command `tls connect HOST:PORT`: it sends stdin to the peer and writes what the peer sends to stdout, until the peer ends. */
export function connectCommand(): Command {
  const command = new Command('connect')
    .description('open a connection, send stdin, print what comes')
    .argument('<host:port>')
    .option('--servername <name>', 'the name to ask for and to verify; default: the host')
    .option('--alpn <protocol>', 'offer this protocol; may be repeated', collect)
    .option('-v, --verbose', 'say on stderr how the connection is secured');
  return addTlsOptions(command).action(async (target: string, options: ConnectOptions) => {
    const { host, port } = parseHostPort(target);
    const signal = timeoutSignal(options);
    const socket = await connect({
      host,
      port,
      serverName: options.servername ?? host,
      ...(options.alpn === undefined ? {} : { alpnProtocols: options.alpn }),
      tls: await clientTls(options),
      ...(signal === undefined ? {} : { signal }),
    });
    if (options.verbose === true && socket.info !== undefined) {
      for (const line of securityLines(reportSecurity(socket.info))) process.stderr.write(`* ${line}\n`);
    }
    // The end of stdin sends close_notify; after it the peer may still send data (RFC 8446 §6.1).
    process.stdin.pipe(socket);
    try {
      await pipeline(socket, process.stdout, { end: false, ...(signal === undefined ? {} : { signal }) });
    } finally {
      process.stdin.unpipe(socket).destroy();
      socket.destroy();
    }
  });
}
