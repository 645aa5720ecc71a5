import { describe, expect, it } from 'vitest';
import { peerVerifier } from '@org/x509';
import { createBackend, nativeLibrary } from '../src/index.ts';
import { readPlatformRevocation } from '../src/trust/platform-revocation.ts';

const windows = { ...nativeLibrary(), name: 'schannel' } as const;
const onWindows = { library: windows, offload: false, hasVerifier: false };
const cachedOrAccepted = { revocationCheck: 1, revocationOfLeaf: false, acceptsUnknownStatus: true };
const nowhere = { revocationCheck: 0, revocationOfLeaf: false, acceptsUnknownStatus: false };

describe('`revocation` of a backend', () => {
  it.each([
    ['nothing', undefined],
    ['`none`', { check: 'none' }],
    ['`cached`', { check: 'cached' }],
  ])('is refused by name where Windows does not judge: %s', (_what, revocation) => {
    const make = () => createBackend({ revocation } as never);
    if (revocation === undefined) expect(make).not.toThrow();
    else expect(make).toThrow(expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED', option: 'revocation' }));
    const judged = () => readPlatformRevocation(revocation, { ...onWindows, hasVerifier: true });
    if (revocation === undefined) expect(judged()).toEqual(nowhere);
    else expect(judged).toThrow(expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED', option: 'revocation' }));
  });

  it('goes online only on threads of its own', () => {
    const online = { check: 'online' };
    expect(() => readPlatformRevocation(online, onWindows)).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'revocation' }),
    );
    expect(readPlatformRevocation(online, { ...onWindows, offload: true })).toMatchObject({ revocationCheck: 2 });
  });

  it.each([
    ['a word', 'cached', TypeError],
    ['null', null, TypeError],
    ['an unknown field', { check: 'cached', crls: [] }, TypeError],
    ['no check', { depth: 'leaf' }, TypeError],
    ['a number', { check: 1 }, TypeError],
    ['another check', { check: 'always' }, 'ERR_TLS_CONFIG'],
    ['another depth', { check: 'cached', depth: 'root' }, 'ERR_TLS_CONFIG'],
    ['another status', { check: 'cached', unknownStatus: 'ignore' }, 'ERR_TLS_CONFIG'],
  ])('that is %s is an error', (_what, given, expected) => {
    const read = () => readPlatformRevocation(given, onWindows);
    if (typeof expected === 'string') expect(read).toThrow(expect.objectContaining({ code: expected }));
    else expect(read).toThrow(expected);
  });

  it('is by default what Windows has cached, and accepts what that does not tell', () => {
    expect(readPlatformRevocation(undefined, onWindows)).toEqual(cachedOrAccepted);
    expect(readPlatformRevocation(undefined, { ...onWindows, library: nativeLibrary() })).toEqual(nowhere);
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

  it('leaves a verifier that is brought along alone', () => {
    expect(() => createBackend({ verifier: peerVerifier() })).not.toThrow();
  });
});
