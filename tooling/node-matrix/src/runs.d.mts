/** What came of one command on one runtime. */
export interface Run {
  /** The runtime with its version, and for Node that of the OpenSSL inside. */
  readonly where: string;
  readonly what: string;
  readonly command: string;
  /** As YYYY-MM-DD. */
  readonly date: string;
  /** Expected failures are among them. */
  readonly passed: number;
  readonly failed: number;
  /** Skipped tests, and cases of the kit that cannot hold there. */
  readonly leftOut: number;
  readonly seconds: number;
}

/** What was run on each runtime, in the order of the table. */
export function readRuns(): readonly Run[];

/** Markdown of what was run where. */
export function runTable(runs: readonly Run[]): string;
