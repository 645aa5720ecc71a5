import { turn } from './turn.ts';

/** The global scope of a page, as far as it tells of errors. */
interface Page {
  addEventListener(type: 'error' | 'unhandledrejection', listener: (event: PageEvent) => void): void;
  removeEventListener(type: 'error' | 'unhandledrejection', listener: (event: PageEvent) => void): void;
}

/** An ErrorEvent or a PromiseRejectionEvent. */
interface PageEvent {
  readonly error?: unknown;
  readonly reason?: unknown;
  preventDefault(): void;
}

/** The lists of those that wait at the moment, the innermost last. */
const waiting: unknown[][] = [];

/**
 * Runs `act` and waits for the end of the turn. An error that nothing catches meanwhile, or the reason of a Promise that nothing handles,
 * goes to nobody else, and where calls of this function are nested to the innermost.
 * @returns the errors and reasons, in order
 */
export async function uncaughtDuring(act: () => Promise<void>): Promise<readonly unknown[]> {
  const uncaught: unknown[] = [];
  const release = waiting.length > 0 ? (): void => undefined : takeOver();
  waiting.push(uncaught);
  try {
    await act();
    await turn();
    return uncaught;
  } finally {
    waiting.pop();
    release();
  }
}

function takeOver(): () => void {
  const note = (error: unknown): void => void waiting.at(-1)?.push(error);
  return typeof process === 'object' ? takeOverProcess(note) : takeOverPage(note);
}

function takeOverProcess(note: (error: unknown) => void): () => void {
  const others = process.listeners('uncaughtException');
  const othersOfPromises = process.listeners('unhandledRejection');
  process.removeAllListeners('uncaughtException').on('uncaughtException', note);
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', note);
  return () => {
    process.removeListener('uncaughtException', note).removeListener('unhandledRejection', note);
    for (const listener of others) process.on('uncaughtException', listener);
    for (const listener of othersOfPromises) process.on('unhandledRejection', listener);
  };
}

function takeOverPage(note: (error: unknown) => void): () => void {
  const page: Page = globalThis as never;
  const take = (event: PageEvent): void => {
    event.preventDefault();
    note('reason' in event ? event.reason : event.error);
  };
  page.addEventListener('error', take);
  page.addEventListener('unhandledrejection', take);
  return () => {
    page.removeEventListener('error', take);
    page.removeEventListener('unhandledrejection', take);
  };
}
