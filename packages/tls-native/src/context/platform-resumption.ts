import { TlsError } from '@org/tls-core';
import type { ContextOptions, NativeLibrary } from '../border/addon.ts';

/** Says whether the platform resumes sessions that it keeps to itself: `system`, or `none`. */
export type PlatformResumption = 'system' | 'none';

/**
 * Reads the option `resumption` of a backend.
 * @throws TypeError on a wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a word that is none; `ERR_TLS_UNSUPPORTED` where not Windows does the handshake
 */
export function readPlatformResumption(
  given: unknown,
  { name }: NativeLibrary,
): Pick<ContextOptions, 'resumesBySystem'> {
  if (given === undefined) return { resumesBySystem: false };
  if (typeof given !== 'string')
    throw new TypeError(`resumption: expected a string, got ${given === null ? 'null' : typeof given}`);
  if (given !== 'system' && given !== 'none') throw fault('ERR_TLS_CONFIG', `expected system or none, got ${given}`);
  if (name !== 'schannel') throw fault('ERR_TLS_UNSUPPORTED', `${name} keeps no sessions that a program does not see`);
  return { resumesBySystem: given === 'system' };
}

function fault(code: 'ERR_TLS_CONFIG' | 'ERR_TLS_UNSUPPORTED', reason: string): TlsError {
  return new TlsError(code, `resumption: ${reason}`, { option: 'resumption' });
}
