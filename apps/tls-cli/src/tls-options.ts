import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { keyLogFile, resolveBackend, type ClientTls } from '@org/tls-core/config';
import { UsageError } from './exit-code.ts';

/** The options that all commands have for securing a connection. */
export interface TlsOptions {
  readonly backend?: string;
  readonly ca?: readonly string[];
  readonly servername?: string;
  readonly insecure?: true;
  readonly keylog?: string;
  /** The limit of time for the whole command, in seconds. */
  readonly timeout?: number;
}

/** Adds the options of `TlsOptions` to a command. */
export function addTlsOptions(command: Command): Command {
  return command
    .option(
      '--backend <name>',
      'pure, native, a package or a path; default: TLS_BACKEND, tls.config.json, else what loads',
    )
    .option('--ca <file>', 'trust the certificates in this PEM file, and no others; may be repeated', collect)
    .addOption(new Option('--insecure', 'accept any certificate: anyone in the middle can read and change everything'))
    .option('--keylog <file>', 'add the secrets to this file, for Wireshark: whoever reads it reads the connection')
    .option('--timeout <seconds>', 'give up after so many seconds', seconds);
}

/**
 * Makes the configuration that the options ask for.
 * @throws UsageError when a file cannot be read
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE` when the backend cannot be loaded
 */
export async function clientTls(options: TlsOptions): Promise<ClientTls> {
  const trust = options.ca === undefined ? undefined : await Promise.all(options.ca.map(readPem));
  return {
    // Our own dependencies include both backends, wherever the tool is started.
    backend: await resolveBackend(options.backend, { from: import.meta.url }),
    ...(trust === undefined ? {} : { trust }),
    ...(options.keylog === undefined ? {} : { keyLog: keyLogFile(options.keylog) }),
    ...(options.insecure === true ? { dangerous: { acceptAnyCertificate: true } } : {}),
  };
}

/** Gives a signal that ends the command when its time is up; `undefined` where there is no limit. */
export function timeoutSignal(options: TlsOptions): AbortSignal | undefined {
  return options.timeout === undefined ? undefined : AbortSignal.timeout(options.timeout * 1000);
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--ca ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), value];
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('expected a number of seconds above 0.');
  return value;
}
