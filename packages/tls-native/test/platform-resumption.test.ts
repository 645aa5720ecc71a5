import { describe, expect, it } from 'vitest';
import type { NativeLibrary } from '../src/border/addon.ts';
import { readPlatformResumption } from '../src/context/platform-resumption.ts';
import { createBackend, nativeLibrary } from '../src/index.ts';

const windows: NativeLibrary = { ...nativeLibrary(), name: 'schannel' };

describe('`resumption` of a backend', () => {
  it.each(['system', 'none'])('that is %s is refused by name where not Windows does the handshake', (given) => {
    const refused: unknown = expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED', option: 'resumption' });
    expect(() => createBackend({ resumption: given as 'none' })).toThrow(refused);
    expect(() => readPlatformResumption(given, { ...windows, name: 'secureTransport' })).toThrow(refused);
  });

  it('leaves sessions to Windows where it says so, and nowhere else', () => {
    expect(readPlatformResumption('system', windows)).toEqual({ resumesBySystem: true });
    expect(readPlatformResumption('none', windows)).toEqual({ resumesBySystem: false });
    expect(readPlatformResumption(undefined, windows)).toEqual({ resumesBySystem: false });
    expect(readPlatformResumption(undefined, nativeLibrary())).toEqual({ resumesBySystem: false });
  });

  it.each([null, true, {}, 1])('that is %j is a TypeError', (given) => {
    expect(() => readPlatformResumption(given, windows)).toThrow(TypeError);
  });

  it('that is another word is an ERR_TLS_CONFIG', () => {
    const wrong: unknown = expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'resumption' });
    expect(() => readPlatformResumption('always', windows)).toThrow(wrong);
    expect(() => createBackend({ resumption: 'always' as 'none' })).toThrow(wrong);
  });
});
