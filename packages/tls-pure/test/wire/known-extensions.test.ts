import { describe, expect, it } from 'vitest';
import { ExtensionType } from '../../src/wire/extension.ts';
import { having, knownExtensions, standingIn } from '../../src/wire/known-extensions.ts';

describe('the list of extensions', () => {
  it('names each extension once, as the registry does', () => {
    const registered = new Map(Object.entries(ExtensionType).map(([key, type]) => [type as number, snakeCase(key)]));
    for (const { type, name } of knownExtensions) expect(name).toBe(registered.get(type));
    expect(new Set(knownExtensions.map(({ type }) => type)).size).toBe(knownExtensions.length);
  });

  it('is in the order of a ClientHello, whose last extension is pre_shared_key (RFC 8446 §4.2.11)', () => {
    const offered = having('offer', knownExtensions).map(({ type }) => type);
    expect(offered.join(' ')).toBe('0 10 13 5 18 16 28 23 65281 11 35 43 51 45 27 58 42 44 47 19 20 41');
  });

  it('§4.2 has an answer only where the client has offered, and reads what it answers', () => {
    for (const extension of having('answer', knownExtensions)) {
      expect(extension).toHaveProperty('readOffer');
      expect(extension).toHaveProperty('readAnswer');
    }
  });

  it('§4.2 lets none of those that only TLS 1.2 knows stand in a message that only TLS 1.3 has', () => {
    const only12 = knownExtensions.filter((each) => each.tls13.length === 0).map(({ name }) => name);
    expect(only12.join(' ')).toBe('extended_master_secret renegotiation_info ec_point_formats session_ticket');
    const inEncryptedExtensions = standingIn('tls13', 'EncryptedExtensions').map(({ name }): string => name);
    expect(inEncryptedExtensions.filter((name) => only12.some((each) => each === name))).toEqual([]);
  });
});

function snakeCase(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
