import { describe, expect, it } from 'vitest';
import { classicalNobleCrypto } from '../src/noble/classical.ts';
import { providerCases } from '../src/provider-tests/cases.ts';
import type { ProviderCase } from '../src/provider-tests/provider-case.ts';
import { groupsOf, namedGroups } from '../src/tables/named-groups.ts';
import { schemesOf, signatureSchemes } from '../src/tables/signature-schemes.ts';

/** They use a provider's ML-KEM or ML-DSA beside all else. */
const mixed = ['contract/inputs-untouched', 'contract/verify-never-throws'];
const classical = providerCases.filter(({ id }) => !/ml-?kem|ml-?dsa/.test(id) && !mixed.includes(id));
const bytes = new Uint8Array(32);

async function runs(each: ProviderCase): Promise<boolean> {
  await each.run(classicalNobleCrypto);
  return true;
}

describe('noble without post-quantum cryptography', () => {
  it.each(classical.map((each) => [each.id, each] as const))(
    'does what every provider promises: %s',
    async (_, each) => {
      await expect(runs(each)).resolves.toBe(true);
    },
  );

  it.each(namedGroups.filter(({ isPostQuantum }) => isPostQuantum))('has no key exchange of $name', ({ algorithm }) => {
    const refusal = expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED' });
    expect(() => classicalNobleCrypto.generateKeyShare(algorithm)).toThrow(refusal);
  });

  it('refuses keys of ML-DSA: a peer’s as a certificate that is not supported', () => {
    const type = 'ml-dsa-44';
    expect(() => classicalNobleCrypto.importPublicKey({ type, key: bytes, spki: bytes })).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_CERTIFICATE_UNSUPPORTED', family: 'certificate' }),
    );
    expect(() => classicalNobleCrypto.importPrivateKey({ type, pkcs8: bytes, secret: bytes })).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_IDENTITY' }),
    );
  });
});

describe('the tables of a provider without post-quantum cryptography', () => {
  it('have the groups and the schemes that are classical, in the same order, and those of any other have all', () => {
    const names = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name);
    expect(names(groupsOf(classicalNobleCrypto))).toEqual(names(namedGroups).filter((name) => !name.includes('MLKEM')));
    expect(names(schemesOf(classicalNobleCrypto))).toEqual(
      names(signatureSchemes).filter((name) => !name.startsWith('mldsa')),
    );
    expect(groupsOf({})).toEqual(namedGroups);
    expect(schemesOf({})).toEqual(signatureSchemes);
  });
});
