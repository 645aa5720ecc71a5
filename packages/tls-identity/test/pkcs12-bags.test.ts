import { generateKeyPairSync } from 'node:crypto';
import { createRoot, type TestCertificate } from '@org/pki';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readIdentity } from '../src/index.ts';
import {
  encoded,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  tagged,
  type DerNode,
} from './support/der-tree.ts';
import {
  bag,
  bmpString,
  certificateBag,
  dataOf,
  encryptedPart,
  keyBag,
  pfx,
  pfxOf,
  shroudedKeyBag,
} from './support/pkcs12-parts.ts';
import { rejected } from './support/rejected.ts';
import { Workbench } from './support/tools.ts';

const bench = new Workbench();
let one: TestCertificate;
let two: TestCertificate;

beforeAll(async () => {
  const root = await createRoot();
  one = await root.issue({ names: ['one.test'] });
  two = await root.issue({ names: ['two.test'] });
  bench.put('one', one);
});
afterAll(() => bench[Symbol.dispose]());

async function leafOf(file: Uint8Array, given: object = {}): Promise<Uint8Array | undefined> {
  const { certificateChain } = await readIdentity({ pfx: file, ...given });
  return (certificateChain as readonly Uint8Array[])[0];
}

async function refusal(file: Uint8Array, given: object = {}): Promise<string> {
  const error = await rejected(() => readIdentity({ pfx: file, ...given }));
  expect(error.code).toBe('ERR_TLS_IDENTITY');
  return error.message;
}

const name = (text: string): { readonly friendlyName: DerNode } => ({ friendlyName: bmpString(text) });
const secp256k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({
  format: 'der',
  type: 'pkcs8',
});
const goodPair = (friendlyName: string): readonly DerNode[] => [
  keyBag(one.privateKeyDer, name(friendlyName)),
  certificateBag(one.certificateDer, name(friendlyName)),
];

describe('a good pair is found beside', () => {
  test.each<[string, () => DerNode]>([
    ['a key that cannot be used', () => keyBag(secp256k1, name('odd'))],
    ['a key without a certificate', () => keyBag(two.privateKeyDer, name('alone'))],
    ['a key in a cipher that is not read', () => shroudedKeyBag(sealedWith('1.2.840.113549.1.12.1.1'), name('sealed'))],
    ['a key that another passphrase protects', () => shroudedKeyBag(otherPassphrase(), name('other'))],
    ['a certificate that cannot be read', () => certificateBag(Uint8Array.of(0x30, 0), name('empty'))],
    [
      'a certificate of another kind',
      () =>
        bag(
          '1.2.840.113549.1.12.10.1.3',
          sequence(objectIdentifier('1.2.840.113549.1.9.22.2'), tagged(0, octetString(Uint8Array.of(1)))),
        ),
    ],
    ['a secret', () => bag('1.2.840.113549.1.12.10.1.5', sequence(objectIdentifier('1.2.3'), tagged(0, nullValue)))],
    ['a bag that is damaged', () => bag('1.2.840.113549.1.12.10.1.3', nullValue)],
    ['the same pair again', () => keyBag(one.privateKeyDer, name('again'))],
  ])('%s', async (_what, make) => {
    for (const bags of [
      [make(), ...goodPair('good')],
      [...goodPair('good'), make()],
    ]) {
      expect(await leafOf(pfx(bags), { passphrase: 'a' })).toEqual(one.certificateDer);
      expect(await leafOf(pfx([bags[0] ?? nullValue], bags.slice(1)), { passphrase: 'a' })).toEqual(one.certificateDer);
    }
  });

  test('a part that is signed, enveloped, or in a cipher that is not read', async () => {
    const enveloped = sequence(objectIdentifier('1.2.840.113549.1.7.3'), tagged(0, sequence()));
    const good = dataOf(sequence(...goodPair('good')));
    for (const parts of [
      [enveloped, good],
      [good, encryptedPart(schemeOf('1.2.840.113549.1.12.1.1', 1))],
    ])
      expect(await leafOf(encoded(pfxOf(parts)), { passphrase: 'a' })).toEqual(one.certificateDer);
  });
});

describe('a bag that cannot be read is named with its cause', () => {
  test.each<[string, () => DerNode, string, string]>([
    ['a key of secp256k1', () => keyBag(secp256k1, name('k1')), 'the key "k1"', 'secp256k1'],
    [
      'RC4',
      () => shroudedKeyBag(sealedWith('1.2.840.113549.1.12.1.1'), name('k2')),
      'the key "k2"',
      'PBE-SHA1-RC4-128',
    ],
    ['another passphrase', () => shroudedKeyBag(otherPassphrase(), name('k3')), 'the key "k3" in bag 1', 'is wrong'],
    ['no certificate', () => keyBag(two.privateKeyDer, name('k4')), 'the key "k4"', 'no certificate'],
    ['no name', () => keyBag(secp256k1), 'without a name', 'secp256k1'],
  ])('where it is the only one, and where it is meant: %s', async (_what, make, which, cause) => {
    const alone = await refusal(pfx([make(), certificateBag(one.certificateDer)]), { passphrase: 'a' });
    expect(alone).toContain(which);
    expect(alone).toContain(cause);
    if (which === 'without a name') return;
    const [, friendlyName] = /"(.*)"/u.exec(which) ?? [];
    expect(await refusal(pfx([make(), ...goodPair('good')]), { passphrase: 'a', friendlyName })).toContain(cause);
  });

  test('where it is a part of the file, and its certificate cannot be read', async () => {
    const part = encryptedPart(schemeOf('1.2.840.113549.1.12.1.2', 1));
    const message = await refusal(encoded(pfxOf([dataOf(sequence(keyBag(one.privateKeyDer))), part])), {
      passphrase: 'a',
    });
    expect(message).toContain('part 2 of the PKCS#12 file');
    expect(message).toContain('PBE-SHA1-RC4-40');
  });
});

describe('a key is chosen by its friendlyName', () => {
  const both = (): readonly DerNode[] => [
    keyBag(one.privateKeyDer, name('One')),
    certificateBag(one.certificateDer, name('One')),
    keyBag(two.privateKeyDer, name('two')),
    certificateBag(two.certificateDer, name('two')),
  ];

  test('as it is written, and else without regard to capitals, as Java has it', async () => {
    expect(await leafOf(pfx(both()), { friendlyName: 'One' })).toEqual(one.certificateDer);
    expect(await leafOf(pfx(both()), { friendlyName: 'ONE' })).toEqual(one.certificateDer);
    expect(await leafOf(pfx(both()), { friendlyName: 'Two' })).toEqual(two.certificateDer);
  });

  test('as it is written where two differ in nothing but capitals', async () => {
    const bags = [
      ...goodPair('WEB'),
      keyBag(two.privateKeyDer, name('web')),
      certificateBag(two.certificateDer, name('web')),
    ];
    expect(await leafOf(pfx(bags), { friendlyName: 'WEB' })).toEqual(one.certificateDer);
    expect(await leafOf(pfx(bags), { friendlyName: 'web' })).toEqual(two.certificateDer);
    expect(await refusal(pfx(bags), { friendlyName: 'Web' })).toContain('several keys');
  });

  test.each<[string, DerNode]>([
    ['a BMPString', bmpString('one')],
    ['a BMPString with a zero at its end', bmpString('one\0')],
    ['a UTF8String', { tag: 0x0c, contents: Buffer.from('one') }],
    ['a PrintableString', { tag: 0x13, contents: Buffer.from('one') }],
    ['an IA5String', { tag: 0x16, contents: Buffer.from('one') }],
    ['a TeletexString', { tag: 0x14, contents: Buffer.from('one') }],
  ])('in %s', async (_what, friendlyName) => {
    const bags = [keyBag(one.privateKeyDer, { friendlyName }), certificateBag(one.certificateDer), ...both().slice(2)];
    expect(await leafOf(pfx(bags), { friendlyName: 'one' })).toEqual(one.certificateDer);
  });

  test('of its certificate, which has its localKeyId', async () => {
    const bags = [
      keyBag(one.privateKeyDer, { localKeyId: 1 }),
      keyBag(two.privateKeyDer, { localKeyId: 2 }),
      certificateBag(two.certificateDer, { ...name('two'), localKeyId: 2 }),
      certificateBag(one.certificateDer, { ...name('one'), localKeyId: 1 }),
    ];
    expect(await leafOf(pfx(bags), { friendlyName: 'one' })).toEqual(one.certificateDer);
    expect(await leafOf(pfx(bags), { friendlyName: 'two' })).toEqual(two.certificateDer);
    expect(await refusal(pfx(bags))).toContain('"one", "two"');
  });

  test('of its certificate, where neither a name nor a localKeyId ties them', async () => {
    const bags = [
      keyBag(one.privateKeyDer),
      keyBag(two.privateKeyDer),
      certificateBag(one.certificateDer, name('one')),
      certificateBag(two.certificateDer, name('two')),
    ];
    expect(await leafOf(pfx(bags), { friendlyName: 'two' })).toEqual(two.certificateDer);
    expect(await refusal(pfx(bags), { friendlyName: 'three' })).toContain('no key of that friendlyName');
  });

  test('only it is decrypted', async () => {
    const others = Array.from({ length: 40 }, (_, index) =>
      shroudedKeyBag(sealedWith('1.2.840.113549.1.12.1.3', 200_000), name(`k${index}`)),
    );
    expect(await leafOf(pfx([...others, ...goodPair('good')]), { friendlyName: 'good', passphrase: 'a' })).toEqual(
      one.certificateDer,
    );
    expect(await refusal(pfx([...others, ...goodPair('good')]), { passphrase: 'a' })).toContain('maxIterations');
  });

  test('is shown on one line, and not without end', async () => {
    const long = pfx([keyBag(secp256k1, name(`a\n${'b'.repeat(1000)}`)), certificateBag(one.certificateDer)]);
    const message = await refusal(long);
    expect(message).not.toContain('\n');
    expect(message.length).toBeLessThan(400);
  });
});

test('of two certificates of a key, the one is the leaf that has its localKeyId', async () => {
  const root = await createRoot();
  const renewed = await root.issue({ names: ['one.test'], sameKeyAs: one });
  const bags = (own: number, others: number): readonly DerNode[] => [
    keyBag(one.privateKeyDer, { localKeyId: 7 }),
    certificateBag(one.certificateDer, { localKeyId: own }),
    certificateBag(renewed.certificateDer, { localKeyId: others }),
  ];
  expect(await leafOf(pfx(bags(7, 8)))).toEqual(one.certificateDer);
  expect(await leafOf(pfx(bags(8, 7)))).toEqual(renewed.certificateDer);
});

/** An EncryptedPrivateKeyInfo by a scheme that is not read, or whose contents mean nothing. */
function sealedWith(scheme: string, iterations = 1): Uint8Array {
  return encoded(sequence(schemeOf(scheme, iterations), octetString(new Uint8Array(16))));
}

function schemeOf(scheme: string, iterations: number): DerNode {
  return sequence(objectIdentifier(scheme), sequence(octetString(new Uint8Array(8)), integer(iterations)));
}

function otherPassphrase(): Uint8Array {
  return bench.openssl('pkcs8', '-topk8', '-in', 'one.key', '-passout', 'pass:another', '-outform', 'DER');
}
