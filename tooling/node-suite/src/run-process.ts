import { spawn } from 'node:child_process';

/** How a process ended. */
export interface Ending {
  /** Its exit code, the signal that ended it, or `time limit`. */
  readonly end: string;
  /** All that it wrote to its standard output and its standard error. */
  readonly output: string;
}

/** What is run, and how. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** In milliseconds. */
  readonly timeLimit: number;
}

/** Runs a process until it ends or is late. What it started ends with it. */
export async function runProcess({ command, args, cwd, env, timeLimit }: Command): Promise<Ending> {
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // It gets a process group, so that what it started ends with it.
    detached: true,
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    endGroup(child.pid);
  }, timeLimit);
  const end = await new Promise<string>((ended, failed) => {
    child.once('exit', (code, signal) => {
      // What the test left behind would hold the pipes open.
      endGroup(child.pid);
      child.once('close', () => ended(isLate ? 'time limit' : (signal ?? String(code))));
    });
    child.once('error', failed);
  });
  clearTimeout(timer);
  return { end, output: Buffer.concat(chunks).toString('utf8') };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is empty.
  }
}
