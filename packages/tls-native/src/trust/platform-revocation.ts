import { TlsError, type Revocation } from '@org/tls-core';
import { ownOptions, revocationDefaults } from '@org/tls-core/backend';
import type { ContextOptions, NativeLibrary } from '../border/addon.ts';

/** Says where the platform itself looks up whether certificates were taken back. */
export interface PlatformRevocation extends Pick<Revocation, 'depth' | 'unknownStatus'> {
  /**
   * `none`: nowhere. `cached`: in the lists and responses that the system has fetched before, for whatever program; nothing is fetched. `online`:
   * the system fetches what it does not have, for 5 seconds at most, and holds up its thread meanwhile: it needs `offload`.
   */
  readonly check: 'none' | 'cached' | 'online';
}

type RevocationFields = Pick<ContextOptions, 'revocationCheck' | 'revocationOfLeaf' | 'acceptsUnknownStatus'>;

interface Place {
  readonly library: NativeLibrary;
  readonly offload: boolean;
  readonly hasVerifier: boolean;
}

const checks = ['none', 'cached', 'online'] as const;
const depths = ['leaf', 'chain'] as const;
const statuses = ['accept', 'reject'] as const;

/**
 * Reads the option `revocation` of a backend.
 * @throws TypeError on a wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a word that is none, and on `online` without `offload`; `ERR_TLS_UNSUPPORTED` where somebody else judges
 *   than Windows
 */
export function readPlatformRevocation(given: unknown, { library, offload, hasVerifier }: Place): RevocationFields {
  const isOfWindows = library.name === 'schannel' && !hasVerifier;
  if (given === undefined)
    return fields(isOfWindows ? { check: 'cached', unknownStatus: 'accept' } : { check: 'none' });
  if (typeof given !== 'object' || given === null)
    throw new TypeError(`revocation: expected an object, got ${given === null ? 'null' : typeof given}`);
  const own = ownOptions(given as PlatformRevocation, ['check', 'depth', 'unknownStatus'], 'revocation');
  const read: PlatformRevocation = {
    check: word(own.check, 'check', checks),
    depth: own.depth === undefined ? undefined : word(own.depth, 'depth', depths),
    unknownStatus: own.unknownStatus === undefined ? undefined : word(own.unknownStatus, 'unknownStatus', statuses),
  };
  if (!isOfWindows) throw unsupported(library, hasVerifier);
  if (read.check === 'online' && !offload) {
    const message =
      'revocation: `online` holds up the thread that looks, which must not be the event loop’s: expected offload beside it';
    throw new TlsError('ERR_TLS_CONFIG', message, { option: 'revocation' });
  }
  return fields(read);
}

function fields({
  check,
  depth = revocationDefaults.depth,
  unknownStatus = revocationDefaults.unknownStatus,
}: PlatformRevocation): RevocationFields {
  return {
    revocationCheck: checks.indexOf(check) as 0 | 1 | 2,
    revocationOfLeaf: depth === 'leaf',
    acceptsUnknownStatus: unknownStatus === 'accept',
  };
}

function word<Word extends string>(given: unknown, name: string, words: readonly Word[]): Word {
  if (typeof given !== 'string') throw new TypeError(`revocation.${name}: expected a string, got ${typeof given}`);
  const found = words.find((each) => each === given);
  if (found !== undefined) return found;
  throw new TlsError('ERR_TLS_CONFIG', `revocation.${name}: expected ${words.join(', ')}, got ${given}`, {
    option: 'revocation',
  });
}

function unsupported({ name }: NativeLibrary, hasVerifier: boolean): TlsError {
  const reason = hasVerifier
    ? 'the verifier that was brought along judges, and reads `revocation` of a configuration'
    : `${name} looks up nothing by itself; a verifier that is brought along reads \`revocation\` of a configuration`;
  return new TlsError('ERR_TLS_UNSUPPORTED', `revocation: ${reason}`, { option: 'revocation' });
}
