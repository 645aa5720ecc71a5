import type { ConnectionInfo } from '@org/tls-core';

/** One line of the demo: which backend did what with whom, and how it went. */
export interface Row {
  readonly backend: string;
  readonly role: 'client' | 'server';
  readonly peer: string;
  readonly info: ConnectionInfo | undefined;
  /** The HTTP status; `undefined` where there was none. */
  readonly status: number | undefined;
  readonly milliseconds: number;
  /** Why the row failed; `undefined` where it did not. */
  readonly failure: string | undefined;
}

/** What a row's work gives when it goes well. */
export interface Outcome {
  readonly info: ConnectionInfo | undefined;
  readonly status: number;
}

/** Does a row's work, measures its time, and checks the result: it must come from the named backend, with status 200. */
export async function runRow(
  { backend, role, peer }: Pick<Row, 'backend' | 'role' | 'peer'>,
  work: () => Promise<Outcome>,
): Promise<Row> {
  const startedAt = performance.now();
  try {
    const { info, status } = await work();
    const milliseconds = performance.now() - startedAt;
    return { backend, role, peer, info, status, milliseconds, failure: doubt(backend, info, status) };
  } catch (error) {
    const milliseconds = performance.now() - startedAt;
    return { backend, role, peer, info: undefined, status: undefined, milliseconds, failure: reasonOf(error) };
  }
}

function doubt(backend: string, info: ConnectionInfo | undefined, status: number): string | undefined {
  if (status !== 200) return `expected HTTP status 200, got ${status}`;
  if (info === undefined) return 'expected to know how the connection was secured';
  return info.backend === backend ? undefined : `expected the backend ${backend}, got ${info.backend}`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? ` (${String(error.code)})` : '';
  const cause = error.cause === undefined ? '' : `: ${reasonOf(error.cause)}`;
  // Only the first line is kept: the others of the message say where Node looked for modules.
  return `${error.message.split('\n', 1).join('')}${code}${cause}`;
}
