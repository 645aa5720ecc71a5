import { describe, expect, it } from 'vitest';
import type { PeerVerifier } from '@org/tls-core';
import { createBackend, nativeLibrary } from '../src/index.ts';
import { readPlatformRevocation } from '../src/trust/platform-revocation.ts';

const windows = { ...nativeLibrary(), name: 'schannel' } as const;
const onWindows = { library: windows, offload: false, hasVerifier: false };
const cachedOrAccepted = { revocationCheck: 1, revocationOfLeaf: false, acceptsUnknownStatus: true };
const nowhere = { revocationCheck: 0, revocationOfLeaf: false, acceptsUnknownStatus: false };
const refused: unknown = expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED', option: 'revocation' });
const wrong: unknown = expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'revocation' });
const verifier: PeerVerifier = { name: 'ours', options: [], createJudge: () => () => ({ path: [] }) };

describe('`revocation` of a backend', () => {
  it.each(['none', 'cached'] as const)('is refused by name where not Windows judges: %s', (check) => {
    expect(() => createBackend({ revocation: { check } })).toThrow(refused);
    expect(() => createBackend({ verifier, revocation: { check } })).toThrow(refused);
    expect(() => readPlatformRevocation({ check }, { ...onWindows, hasVerifier: true })).toThrow(refused);
  });

  it('goes online only on threads of its own', () => {
    const online = { check: 'online' };
    expect(() => readPlatformRevocation(online, onWindows)).toThrow(wrong);
    expect(readPlatformRevocation(online, { ...onWindows, offload: true })).toMatchObject({ revocationCheck: 2 });
  });

  it.each([
    ['a word', 'cached'],
    ['null', null],
    ['an unknown field', { check: 'cached', crls: [] }],
    ['no check', { depth: 'leaf' }],
    ['a number', { check: 1 }],
  ])('that is %s is a TypeError', (_what, given) => {
    expect(() => readPlatformRevocation(given, onWindows)).toThrow(TypeError);
  });

  it.each([
    ['check', { check: 'always' }],
    ['depth', { check: 'cached', depth: 'root' }],
    ['status', { check: 'cached', unknownStatus: 'ignore' }],
  ])('that has another %s is an ERR_TLS_CONFIG', (_what, given) => {
    expect(() => readPlatformRevocation(given, onWindows)).toThrow(wrong);
  });

  it('is by default what Windows has cached, and accepts what that does not tell', () => {
    expect(readPlatformRevocation(undefined, onWindows)).toEqual(cachedOrAccepted);
  });

  it('is by default nowhere where not Windows judges', () => {
    expect(readPlatformRevocation(undefined, { ...onWindows, library: nativeLibrary() })).toEqual(nowhere);
    expect(readPlatformRevocation(undefined, { ...onWindows, hasVerifier: true })).toEqual(nowhere);
  });

  it('rejects an unknown status where it does not say otherwise, as a configuration’s does', () => {
    expect(readPlatformRevocation({ check: 'cached' }, onWindows)).toEqual({
      ...cachedOrAccepted,
      acceptsUnknownStatus: false,
    });
    expect(readPlatformRevocation({ check: 'cached', depth: 'leaf', unknownStatus: 'accept' }, onWindows)).toEqual({
      ...cachedOrAccepted,
      revocationOfLeaf: true,
    });
  });
});
