import type { ExternalPsk } from './hooks.ts';
import { badValue } from './option-error.ts';
import { bytes, listOf, type OptionRule } from './option-rule.ts';
import { ownOptions, frozenCopy } from './own-options.ts';

/** Keys agreed on outside of TLS, each copied. */
export const externalPsks: OptionRule<readonly ExternalPsk[]> = (value, option) =>
  listOf(value, option, 'an array of pre-shared keys', (each) => readPsk(each, option));

function readPsk(value: unknown, option: string): ExternalPsk {
  const given = ownOptions(value as ExternalPsk, ['identity', 'key', 'hash', 'importer'], option);
  const name = bytes(given.identity, `${option}.identity`);
  if (name.length === 0 || name.length > 0xffff) throw badValue(option, 'an identity has 1 to 65535 bytes');
  const key = bytes(given.key, `${option}.key`);
  // RFC 9257 §4: 128 bits at least
  if (key.length < 16) throw badValue(option, `expected a key of at least 16 bytes, got ${key.length}`);
  const { hash, importer } = given;
  if (hash !== undefined && hash !== 'sha256' && hash !== 'sha384') throw badValue(option, 'hash is sha256 or sha384');
  return frozenCopy({
    identity: name,
    key,
    ...(hash !== undefined && { hash }),
    ...(importer !== undefined && { importer: readImporter(importer, `${option}.importer`) }),
  });
}

function readImporter(value: unknown, option: string): NonNullable<ExternalPsk['importer']> {
  const given = ownOptions(value as NonNullable<ExternalPsk['importer']>, ['context'], option);
  const context = bytes(given.context, `${option}.context`);
  // RFC 9258 §5.1: opaque context<0..2^16-1>
  if (context.length > 0xffff) throw badValue(option, 'a context has 0 to 65535 bytes');
  return frozenCopy({ context });
}
