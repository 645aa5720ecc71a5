import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the runner is told about a shim (its `-shim-config`). */
export interface ShimConfig {
  /** The patterns of tests that are not run, each with the reason. */
  readonly DisabledTests: Readonly<Record<string, string>>;
  /** BoringSSL's errors, each with what the shim may write in its place. */
  readonly ErrorMap: Readonly<Record<string, readonly string[]>>;
  readonly HalfRTTTickets: number;
}

/** Reads the configuration. The errors of `config.json` hold for every backend; another file adds what its own backend may write. */
export function readShimConfig(folder: string, file: string): ShimConfig {
  const shared = readConfig(folder, 'config.json');
  const own = readConfig(folder, file);
  const merged = Object.entries(own.ErrorMap).map(([error, texts]) => {
    return [error, [...new Set([...(shared.ErrorMap[error] ?? []), ...texts])]] as const;
  });
  return { ...own, ErrorMap: { ...shared.ErrorMap, ...Object.fromEntries(merged) } };
}

function readConfig(folder: string, file: string): ShimConfig {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as ShimConfig;
}
