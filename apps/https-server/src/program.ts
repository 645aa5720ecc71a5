import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { isTlsError } from '@org/tls-core';
import { resolveBackend } from '@org/tls-core/config';
import { watchTicketKeyFiles } from '@org/tls-fleet';
import { startHttpsServer, type HttpsServer } from './https-server.ts';

interface ServeOptions {
  readonly cert: string;
  readonly key: string;
  readonly port: number;
  readonly host: string;
  readonly backend?: string;
  readonly ticketKeys?: readonly string[];
  readonly http2?: true;
  readonly listing?: true;
  readonly quiet?: true;
}

/** Serves until SIGINT or SIGTERM. The exit code is 0 when a signal stopped it, 1 when it could not serve, 2 on wrong arguments. */
export async function run(args: readonly string[]): Promise<number> {
  const program = new Command('https-server')
    .description('Serve a folder over HTTPS, over the TLS stack written in TypeScript or over the system’s own.')
    .argument('[folder]', 'what to serve', '.')
    .requiredOption('--cert <file>', 'certificate chain in PEM, leaf first')
    .requiredOption('--key <file>', 'private key in PEM, not encrypted')
    .option('--port <number>', 'TCP port; 0 takes any that is free', portNumber, 8443)
    .option('--host <name>', 'name or address to listen on; `::` is everyone', 'localhost')
    .option(
      '--backend <name>',
      'pure, native, a package or a path; default: TLS_BACKEND, tls.config.json, else what loads',
    )
    .option(
      '--ticket-keys <files...>',
      'ticket keys in nginx’s form, the same for all servers behind one name: the first seals, all open; read again when they change',
    )
    .option('--http2', 'speak HTTP/2 with those who offer it')
    .option('--listing', 'list folders that have no index.html')
    .option('--quiet', 'no line per request')
    .exitOverride();
  try {
    await program.parseAsync(args, { from: 'user' });
    await serveUntilSignal(await start(program.args[0] ?? '.', program.opts<ServeOptions>()));
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(`https-server: ${describe(error)}\n`);
    return 1;
  }
}

async function start(folder: string, options: ServeOptions): Promise<HttpsServer> {
  const { host, port, backend, ticketKeys: paths, http2 = false, listing = false, quiet = false } = options;
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const [certificateChain, privateKey] = await Promise.all([
    readFile(options.cert, 'utf8'),
    readFile(options.key, 'utf8'),
  ]);
  const onRefused = (error: unknown): void => log(`ticket keys are refused: ${describe(error)}`);
  const ticketKeys = paths === undefined ? undefined : await watchTicketKeyFiles({ paths, onRefused });
  const server = await startHttpsServer({
    folder,
    host,
    port,
    tls: {
      identity: { certificateChain, privateKey },
      ...(ticketKeys !== undefined && { ticketKeys }),
      // Our own dependencies include both backends, wherever the server is started.
      backend: await resolveBackend(backend, { from: import.meta.url }),
    },
    http2,
    listing,
    log: quiet ? () => undefined : log,
  });
  process.stdout.write(`serving ${folder} at ${server.url}\n`);
  return server;
}

async function serveUntilSignal(server: HttpsServer): Promise<void> {
  const signals = new AbortController();
  await Promise.race(['SIGINT', 'SIGTERM'].map((name) => once(process, name, { signal: signals.signal })));
  // Without the listeners, a second signal ends the process as it would end any other.
  signals.abort();
  await server.close();
}

function portNumber(text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('expected a port from 0 to 65535.');
  return value;
}

function describe(error: unknown): string {
  if (isTlsError(error)) return `${error.message} (${error.code})`;
  return error instanceof Error ? error.message : String(error);
}
