import { openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { env } from 'node:process';
import type { KeyLog } from '../key-log.ts';
import { TlsError } from '../tls-error.ts';

/** What a configuration says of its key log. With `environment`, the file is the one that `SSLKEYLOGFILE` names, if it names one. */
export type KeyLogInput = boolean | KeyLog | 'environment';

/** A configuration whose key log may also be the file that the environment names. */
export type WithKeyLogInput<Config> = Omit<Config, 'keyLog'> & { readonly keyLog?: KeyLogInput };

/** One for each file, which stays open: connections of several contexts may log to it at once. */
const logs = new Map<string, KeyLog>();

/**
 * Gives a key log that is a file, for `keyLog` of a configuration. **Whoever reads the file reads the connections.** The file is made for its
 * owner alone (0600) where it is not there, and lines are added behind what it has. A line that cannot be written is told by a warning of the
 * process, once, and the file gets no more.
 * @throws TlsError `ERR_TLS_CONFIG` when it cannot be opened
 */
export function keyLogFile(path: string): KeyLog {
  const file = resolve(path);
  const log = logs.get(file) ?? openLog(file);
  logs.set(file, log);
  return log;
}

/**
 * Reads what a configuration says into what a backend takes.
 * @throws TlsError `ERR_TLS_CONFIG` when the file that the environment names cannot be opened
 */
export function readKeyLog(given: unknown): unknown {
  if (given !== 'environment') return given;
  const { SSLKEYLOGFILE: file = '' } = env;
  return file === '' ? false : keyLogFile(file);
}

function openLog(file: string): KeyLog {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'a', 0o600);
  } catch (cause) {
    const message = `keyLog: cannot open ${file}: ${reasonOf(cause)}`;
    throw new TlsError('ERR_TLS_CONFIG', message, { option: 'keyLog', cause });
  }
  return (line) => {
    if (descriptor === undefined) return;
    try {
      writeSync(descriptor, `${line}\n`);
    } catch (cause) {
      descriptor = undefined;
      logs.delete(file);
      process.emitWarning(`keyLog: cannot write to ${file}, which gets no more lines: ${reasonOf(cause)}`);
    }
  };
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
