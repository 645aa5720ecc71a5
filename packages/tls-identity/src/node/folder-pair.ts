import { basename } from 'node:path';
import type { FileContents } from '@org/tls-core/files';
import { fault } from '../identity-fault.ts';

/** A chain and its key, as they stand in two files. */
export interface FilePair {
  readonly certificateChain: FileContents;
  readonly privateKey: FileContents;
}

/** Finds the names of a chain and its key among the names of a folder. One of them may be missing. */
type Layout = (names: readonly string[]) => readonly NamePair[];
interface NamePair {
  readonly chain: string;
  readonly key: string;
}

/**
 * Finds the pair in a folder as programs leave it that get certificates.
 * @throws TlsError `ERR_TLS_IDENTITY` when one of the two files is missing, or it is not clear which pair is meant
 */
export function pairInFolder(folder: string, files: readonly FileContents[]): FilePair {
  const byName = new Map(files.map((file) => [basename(file.path), file]));
  const names = [...byName.keys()];
  const candidates = layouts.map((layout) => layout(names));
  const whole = candidates.map((pairs) => pairs.filter(({ chain, key }) => byName.has(chain) && byName.has(key)));
  const [pair, ...more] = whole.find((pairs) => pairs.length > 0) ?? [];
  if (pair === undefined) throw fault(`${folder}: ${whatIsMissing(names, candidates.flat())}`);
  if (more.length > 0) {
    const all = [pair, ...more].map(({ chain }) => chain).join(', ');
    throw fault(`${folder}: it is not clear which certificate is meant of ${all}; name the files`);
  }
  const [certificateChain, privateKey] = [byName.get(pair.chain), byName.get(pair.key)];
  if (certificateChain === undefined || privateKey === undefined) throw fault(`${folder}: a file is missing`);
  return { certificateChain, privateKey };
}

function whatIsMissing(names: readonly string[], candidates: readonly NamePair[]): string {
  const half = candidates.find(({ chain, key }) => names.includes(chain) !== names.includes(key));
  if (half === undefined) return `expected ${known}; there is ${names.slice(0, 8).join(', ') || 'no file'}`;
  const [there, missing] = names.includes(half.chain) ? [half.chain, half.key] : [half.key, half.chain];
  return `there is ${there}, but no ${missing}`;
}

/** Two files whose names are always the same. */
function fixed(chain: string, key: string): Layout {
  return (names) => (names.includes(chain) || names.includes(key) ? [{ chain, key }] : []);
}

const keyEnding = '.key';

/** The key of acme.sh is named for the host, and the chain is not. */
const acmeSh: Layout = (names) => {
  if (!names.includes('fullchain.cer')) return [];
  const keys = names.filter((name) => name.endsWith(keyEnding));
  return (keys.length === 0 ? [`NAME${keyEnding}`] : keys).map((key) => ({ chain: 'fullchain.cer', key }));
};

/** Both are named for the host. */
const namedForHost: Layout = (names) =>
  names
    .filter((name) => name.endsWith(keyEnding))
    .map((key) => ({ chain: `${key.slice(0, -keyEnding.length)}.crt`, key }));

const known =
  'fullchain.pem and privkey.pem (certbot), tls.crt and tls.key (Kubernetes), fullchain.cer and NAME.key (acme.sh), or NAME.crt and NAME.key (Caddy, lego)';

/** The first of them that a folder has counts. */
const layouts: readonly Layout[] = [
  fixed('fullchain.pem', 'privkey.pem'),
  fixed('tls.crt', 'tls.key'),
  acmeSh,
  namedForHost,
];
