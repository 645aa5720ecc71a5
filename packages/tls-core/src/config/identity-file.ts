import { readFile, stat } from 'node:fs/promises';
import { wrongType } from '../option-error.ts';
import { isTlsError, TlsError } from '../tls-error.ts';

/** The options of an identity that may be files. */
const options = ['pfx', 'privateKey', 'certificateChain', 'rawPublicKey'] as const;
type MaybeFiles = { readonly [Option in (typeof options)[number]]?: unknown };

/** Tells whether a part of an identity is in a file. */
export function hasFile(given: MaybeFiles): boolean {
  return options.some((name) => [given[name]].flat().some((each) => each instanceof URL));
}

/**
 * Puts what files hold in the place of their URLs.
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when one cannot be read, is no file, or has more than 2 MiB
 */
export async function withoutFiles<Given extends MaybeFiles>(given: Given, option: string): Promise<Given> {
  const read: Record<string, unknown> = {};
  for (const name of options) {
    const value = given[name];
    const where = `${option}.${name}`;
    // oxlint-disable-next-line no-await-in-loop
    if (value instanceof URL) read[name] = await contentsOf(value, where);
    else if (Array.isArray(value))
      // oxlint-disable-next-line no-await-in-loop
      read[name] = await Promise.all(
        (value as readonly unknown[]).map((each) => (each instanceof URL ? contentsOf(each, where) : each)),
      );
  }
  return { ...given, ...read };
}

/** The longest file that is read, in bytes: as much text as `@org/tls-identity` takes. */
const maxLength = 2 ** 21;

async function contentsOf(url: URL, option: string): Promise<Uint8Array> {
  if (url.protocol !== 'file:') throw wrongType(option, 'a URL of a file', url.protocol);
  const refusal = (reason: string, cause?: unknown): TlsError =>
    new TlsError('ERR_TLS_IDENTITY', `${option}: ${url.href}: ${reason}`, { option: 'identity', cause });
  try {
    const stats = await stat(url);
    // To open a pipe could take for ever.
    if (!stats.isFile() || stats.size > maxLength) throw refusal(`expected a file of at most ${maxLength} bytes`);
    return new Uint8Array(await readFile(url));
  } catch (cause) {
    if (isTlsError(cause)) throw cause;
    const { code = 'unknown' } = cause as { readonly code?: unknown };
    throw refusal(`it cannot be read (${String(code)})`, cause);
  }
}
