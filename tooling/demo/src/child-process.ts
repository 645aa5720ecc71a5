import { spawn, type ChildProcess } from 'node:child_process';

/** The Debian package of each program that is not ours. */
const aptPackage: Readonly<Record<string, string>> = { openssl: 'openssl', curl: 'curl' };

/** A server that runs in a process of its own. */
export interface ChildServer extends AsyncDisposable {
  readonly port: number;
}

/**
 * Starts a server and waits until it says which port it took.
 * @param announcement finds the port in what the process has printed so far
 * @throws Error when the program does not exist, ends early, or prints nothing for `patienceMs`
 */
export async function startServer(
  command: string,
  args: readonly string[],
  announcement: RegExp,
  patienceMs = 10_000,
): Promise<ChildServer> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) child.kill('SIGKILL');
    await exited;
  };
  try {
    const port = await announcedPort(command, child, announcement, patienceMs);
    return { port, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs a program to its end and gives its stdout. */
export async function runProgram(command: string, args: readonly string[], timeoutMs = 10_000): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
  const output: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(missing(command, error)));
    child.once('close', resolve);
  });
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode ?? 'a signal'}: ${output.stderr.trim()}`);
  return output.stdout;
}

function announcedPort(
  command: string,
  child: ChildProcess,
  announcement: RegExp,
  patienceMs: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const timer = setTimeout(() => reject(new Error(`${command} did not say its port: ${printed.trim()}`)), patienceMs);
    const read = (text: string): void => {
      printed += text;
      const port = announcement.exec(printed)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    // Reading goes on afterwards: a pipe that nobody reads fills up and stops the server.
    child.stdout?.setEncoding('utf8').on('data', read);
    child.stderr?.setEncoding('utf8').on('data', read);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(missing(command, error));
    });
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      reject(new Error(`${command} ended with ${exitCode ?? 'a signal'}: ${printed.trim()}`));
    });
  });
}

function missing(command: string, error: Error): Error {
  if (!('code' in error) || error.code !== 'ENOENT') return error;
  return new Error(`${command} is not installed; on Debian: apt-get install ${aptPackage[command] ?? command}`);
}
