import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** What the other side is told: its certificate and key in PEM, and the seed of what the proxy does. */
export interface OtherSideSettings {
  /** The path of its program, `origin.js`. */
  readonly program: string;
  readonly cert: string;
  readonly key: string;
  readonly seed: string;
}

interface Ports {
  readonly origin: number;
  readonly proxy: number;
}

/**
 * The origin and the proxy, in a process of their own. node:http2 of Node 20 now and then fails an assertion of its own or corrupts its memory
 * where a connection is torn down, and the process ends by SIGABRT or SIGSEGV; nothing of this repository's TLS is in it. Such a loss is counted,
 * and the process is started anew on the same ports: to the client it is one more way in which a server ends. Any other end, and more losses than
 * are allowed, is a failure.
 */
export class OtherSide {
  readonly #settings: OtherSideSettings;
  readonly #allowedLosses: number;
  readonly #lost: string[] = [];
  #process: ChildProcess | undefined;
  #ports: Ports = { origin: 0, proxy: 0 };
  #listening: Promise<void>;
  #ended: Promise<void> = Promise.resolve();
  #isStopped = false;

  /** @param allowedLosses how often the process may be lost before `listening` rejects; default: 3 */
  constructor(settings: OtherSideSettings, allowedLosses = 3) {
    this.#settings = settings;
    this.#allowedLosses = allowedLosses;
    this.#listening = this.#start();
  }

  /** The ports; they are there and stay the same from when it listens for the first time. */
  get ports(): Ports {
    return this.#ports;
  }

  /** The process that is there now. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Resolves when the process that is there now has ended and its end is judged. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** What each process that was lost said of it, one line each. */
  get lost(): readonly string[] {
    return this.#lost;
  }

  /**
   * Resolves when it listens: at once, unless the process was lost a moment ago.
   * @throws Error when the process ended otherwise than by a crash, or crashed too often
   */
  listening(): Promise<void> {
    return this.#listening;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    const child = this.#process;
    if (child === undefined || hasEnded(child)) return;
    child.kill();
    await once(child, 'close');
  }

  async #start(): Promise<void> {
    const { program, cert, key, seed } = this.#settings;
    const { origin, proxy } = this.#ports;
    const child = fork(program, {
      env: { ...process.env, CERT: cert, KEY: key, SEED: seed, ORIGIN_PORT: String(origin), PROXY_PORT: String(proxy) },
      // what this process is run with is none of its business
      execArgv: [],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    this.#process = child;
    const said = lastWordsOf(child);
    const ended = once(child, 'close') as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
    this.#ended = ended.then(([code, signal]) => this.#onEnd(code, signal, said()));
    const listens = once(child, 'message') as Promise<[Ports]>;
    const first = await Promise.race([listens, ended.then(() => undefined)]);
    // where it ended before it listened, its end is judged by now
    if (first === undefined) return this.#listening;
    [this.#ports] = first;
  }

  #onEnd(code: number | null, signal: NodeJS.Signals | null, said: string): void {
    this.#listening = this.#afterEnd(code, signal, said);
    // whoever asks next is told
    this.#listening.catch(() => undefined);
  }

  async #afterEnd(code: number | null, signal: NodeJS.Signals | null, said: string): Promise<void> {
    if (this.#isStopped) throw new Error('the origin was stopped');
    if (!crashes.has(signal)) throw new Error(`the origin ended with ${signal ?? code ?? 'nothing'}: ${said}`);
    this.#lost.push(`${signal ?? ''}: ${lastLineOf(said)}`);
    if (this.#lost.length > this.#allowedLosses) {
      throw new Error(`the origin was lost ${this.#lost.length} times: ${said}`);
    }
    return this.#start();
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Collects the last of what a process says on stderr. */
function lastWordsOf({ stderr }: ChildProcess): () => string {
  let said = '';
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-keptCharacters);
  });
  return () => said;
}

const keptCharacters = 16_384;

/** The line of the assertion where there is one: what follows it is a stack. */
function lastLineOf(said: string): string {
  const lines = said.trim().split('\n');
  return lines.find((line) => line.includes('Assertion')) ?? lines.at(-1) ?? '';
}

const crashes: ReadonlySet<NodeJS.Signals | null> = new Set(['SIGABRT', 'SIGSEGV'] as const);
