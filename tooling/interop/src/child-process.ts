import { spawn, type ChildProcess } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';

/** A server in a process of its own. Disposing ends it by its own pid and waits until it is gone. */
export interface ChildServer extends AsyncDisposable {
  readonly port: number;
  /** All that it has printed so far. */
  printed(): string;
}

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** What to install when the command does not exist, e.g. `apt-get install gnutls-bin`. */
  readonly install: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that it runs in. Default: this process's. */
  readonly cwd?: string;
  /** The user to run it as, for a program that refuses to be root's. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** True: it says that it listens before it does, so that its port is asked until it accepts a connection. */
  readonly listensLater?: boolean;
  /** What ends it. Default: SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
}

/**
 * Starts a server and waits until it says that it listens.
 * @param ready matches what it says then; its first group, if it has one, is the port, else `port` is
 * @throws Error with what the process printed, when it is not installed, ends early, or says nothing in a minute
 */
export async function startServer(program: Program, ready: RegExp, port = 0): Promise<ChildServer> {
  const child = start(program);
  const gone = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(program.stopSignal ?? 'SIGTERM');
    const stubborn = setTimeout(() => child.kill('SIGKILL'), 3000);
    await gone;
    clearTimeout(stubborn);
  };
  let printed = '';
  // It is read to the end, because a full pipe would stop the server.
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  try {
    const said = await saidReady(program, child, ready, () => printed);
    const at = said === undefined ? port : Number(said);
    if (program.listensLater === true) await untilAccepting(at, child);
    return {
      port: at,
      printed: () => printed,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Tries another port when somebody else took the first, for servers that cannot take port 0. */
export async function onFreePort(launch: (port: number) => Promise<ChildServer>): Promise<ChildServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launch(await freePort());
    } catch (error) {
      if (attempt === 3 || !/address already in use|EADDRINUSE/i.test(String(error))) throw error;
    }
  }
}

/**
 * Runs a program until it ends. Its stdin stays open when there is `input`: some clients leave at the end of it without waiting
 * for the answer.
 * @returns what it printed on stdout
 * @throws Error with stderr when it does not end with 0 within five minutes
 */
export async function runProgram(program: Program, input?: string): Promise<string> {
  const child = start(program);
  const printed = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  child.stdin?.on('error', () => undefined); // it may end before it has read everything
  if (input === undefined) child.stdin?.end();
  else child.stdin?.write(input);
  const timer = setTimeout(() => child.kill('SIGKILL'), 300_000);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(missing(program, error)));
    child.once('close', resolve);
  }).finally(() => clearTimeout(timer));
  if (exitCode !== 0) {
    throw new Error(`${program.command} ended with ${exitCode ?? 'a signal'}: ${printed.stderr}${printed.stdout}`);
  }
  return printed.stdout;
}

function start({ command, args, env, cwd, user }: Program): ChildProcess {
  return spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env }, cwd, ...user });
}

/** @param printed what the process has printed so far */
function saidReady(
  program: Program,
  child: ChildProcess,
  ready: RegExp,
  printed: () => string,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${program.command} is not ready: ${printed()}`)), 60_000);
    const read = (): void => {
      const match = ready.exec(printed());
      if (match === null) return;
      clearTimeout(timer);
      child.stdout?.off('data', read);
      child.stderr?.off('data', read);
      resolve(match[1]);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(missing(program, error));
    });
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      reject(new Error(`${program.command} ended with ${exitCode ?? 'a signal'}: ${printed()}`));
    });
  });
}

async function untilAccepting(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const socket = connect(port, '127.0.0.1');
    // oxlint-disable-next-line no-await-in-loop
    const isAccepted = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isAccepted === true) return;
  }
  throw new Error('the server has ended before it accepted a connection');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function missing({ command, install }: Program, error: Error): Error {
  if (!('code' in error) || error.code !== 'ENOENT') return error;
  return new Error(`${command} is not there; ${install}`, { cause: error });
}
