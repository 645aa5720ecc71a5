import { createRoot, type TestCertificate } from '@org/pki';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readIdentity, readPrivateKey } from '../src/index.ts';
import {
  derNodes,
  encoded,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  replaced,
  sequence,
  type DerNode,
} from './support/der-tree.ts';
import {
  bag,
  certificateBag,
  dataOf,
  encryptedPart,
  firstOf,
  keyBag,
  pfx,
  pfxOf,
  shroudedKeyBag,
} from './support/pkcs12-parts.ts';
import { rejected } from './support/rejected.ts';
import { Workbench } from './support/tools.ts';

const bench = new Workbench();
let leaf: TestCertificate;

beforeAll(async () => {
  leaf = await createRoot({ isCa: false, names: ['localhost'] });
  bench.put('leaf', leaf);
});
afterAll(() => bench[Symbol.dispose]());

async function refusal(file: Uint8Array, given: object = {}): Promise<string> {
  const error = await rejected(() => readIdentity({ pfx: file, passphrase: 'a', ...given }));
  expect(error.code).toBe('ERR_TLS_IDENTITY');
  return error.message;
}

function byOpenssl(...options: readonly string[]): Uint8Array {
  const input = ['-inkey', 'leaf.key', '-in', 'leaf.crt', '-passout', 'pass:a'];
  return bench.openssl('pkcs12', '-export', ...input, ...options);
}

/** A file with another number of iterations for its MAC. */
function withMacIterations(count: number): Uint8Array {
  return encoded(replaced(firstOf(byOpenssl()), [2, 2], () => integer(count)));
}

const oid = {
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  scrypt: '1.3.6.1.4.1.11591.4.11',
} as const;
const aes256 = sequence(objectIdentifier('2.16.840.1.101.3.4.1.42'), octetString(new Uint8Array(16)));

/** An EncryptedPrivateKeyInfo by PBES2, whose key is derived so. */
function encryptedKey(derivation: DerNode): Uint8Array {
  const algorithm = sequence(objectIdentifier(oid.pbes2), sequence(derivation, aes256));
  return encoded(sequence(algorithm, octetString(new Uint8Array(128))));
}

function pbkdf2(iterations: number): DerNode {
  const hmacSha256 = sequence(objectIdentifier('1.2.840.113549.2.9'), nullValue);
  const parameters = sequence(octetString(new Uint8Array(8)), integer(iterations), hmacSha256);
  return sequence(objectIdentifier(oid.pbkdf2), parameters);
}

function scrypt(N: number, r: number, p: number): DerNode {
  const parameters = sequence(octetString(new Uint8Array(8)), integer(N), integer(r), integer(p));
  return sequence(objectIdentifier(oid.scrypt), parameters);
}

describe('the work that a file asks for is bounded', () => {
  test.each([5_000_001, 2 ** 31 - 1, 2 ** 40])('in the MAC: %i iterations', async (count) => {
    expect(await refusal(withMacIterations(count))).toMatch(/maxIterations|INTEGER above/u);
  });

  test('in the MAC: none', async () => {
    expect(await refusal(withMacIterations(0))).toContain('expected 1 iteration');
  });

  test.each<[string, DerNode, string]>([
    ['PBKDF2', pbkdf2(5_000_001), 'maxIterations'],
    ['scrypt that takes long', scrypt(2 ** 17, 8, 3), 'maxIterations'],
    ['scrypt that takes much memory', scrypt(2 ** 19, 8, 1), 'maxIterations'],
    ['scrypt with many lanes', scrypt(2, 1, 2 ** 20), 'r·p is at most'],
    ['scrypt with large blocks', scrypt(2, 2 ** 20, 1), 'r·p is at most'],
    ['scrypt with N that is no power of two', scrypt(3, 8, 1), 'no parameters of it'],
    ['scrypt with N that is too large for r', scrypt(2 ** 16, 1, 1), 'no parameters of it'],
  ])('in an encrypted key: %s', async (_name, derivation, message) => {
    const error = await rejected(() => readPrivateKey(encryptedKey(derivation), 'a'));
    expect(error.code).toBe('ERR_TLS_IDENTITY');
    expect(error.message).toContain(message);
  });

  test('in all parts together, whatever else is in the file', async () => {
    const good = [keyBag(leaf.privateKeyDer), certificateBag(leaf.certificateDer)];
    const keys = (count: number): readonly DerNode[] =>
      Array.from({ length: count }, () => shroudedKeyBag(encryptedKey(pbkdf2(1_000_000))));
    // Of each that is not too much, the passphrase is wrong.
    expect((await readIdentity({ pfx: pfx([...keys(1), ...good]), passphrase: 'a' })).privateKey).toEqual(
      leaf.privateKeyDer,
    );
    expect(await refusal(pfx([...keys(7), ...good]))).toContain('maxIterations');
  });

  test('in a part that is encrypted as a whole, whatever else is in the file', async () => {
    const good = dataOf(sequence(keyBag(leaf.privateKeyDer), certificateBag(leaf.certificateDer)));
    const part = encryptedPart(sequence(objectIdentifier(oid.pbes2), sequence(pbkdf2(5_000_001), aes256)));
    expect(await refusal(encoded(pfxOf([part, good])))).toContain('maxIterations');
  });

  test('and the program that trusts the file allows more, or less', async () => {
    const file = byOpenssl('-iter', '3000');
    // 4 for each iteration of the MAC, and 1 for each of the key's and of the certificate's
    expect(await refusal(file, { maxIterations: 17_999 })).toContain('17999 are allowed');
    expect((await readIdentity({ pfx: file, passphrase: 'a', maxIterations: 18_000 })).privateKey).toBeDefined();
    const key = bench.openssl('pkcs8', '-topk8', '-in', 'leaf.key', '-passout', 'pass:a', '-iter', '3000');
    expect((await rejected(() => readPrivateKey(key, 'a', { maxIterations: 2999 }))).message).toContain('2999');
    expect((await readPrivateKey(key, 'a', { maxIterations: 3000 })).privateKey).toBeDefined();
  });

  test.each([0, -1, 1.5, Number.NaN, '5' as unknown as number])(
    'by a whole number above 0, and not by %j',
    async (limit) => {
      expect(await refusal(byOpenssl(), { maxIterations: limit })).toContain('a whole number above 0');
    },
  );
});

test('others get turns while a key is derived', async () => {
  let turns = 0;
  const count = setInterval(() => (turns += 1), 0);
  try {
    await readIdentity({ pfx: byOpenssl('-iter', '400000', '-nomac', '-legacy', '-certpbe', 'NONE'), passphrase: 'a' });
  } finally {
    clearInterval(count);
  }
  expect(turns).toBeGreaterThan(2);
});

describe('DER that means nothing', () => {
  test.each<[string, () => Uint8Array]>([
    ['nested definite lengths', () => nested(200)],
    ['nested indefinite lengths', () => Buffer.from('3080'.repeat(50_000), 'hex')],
    ['a length above what is there', () => Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff)],
    ['a length of many octets', () => Uint8Array.of(0x30, 0x88, 0, 0, 0, 0, 0, 0, 0, 1, 0)],
    ['an indefinite length without an end', () => Uint8Array.of(0x30, 0x80, 2, 1, 3)],
    ['an indefinite length of an INTEGER', () => Uint8Array.of(0x30, 0x80, 2, 0x80, 0, 0, 0, 0)],
    ['a string of pieces that are none', () => Uint8Array.of(0x30, 4, 0x24, 2, 0x05, 0)],
    [
      'more elements than any file has',
      () => encoded({ tag: 0x30, contents: Buffer.from('0500'.repeat(70_000), 'hex') }),
    ],
  ])('%s', async (_name, make) => {
    expect(await refusal(make())).not.toBe('');
    expect((await rejected(() => readPrivateKey(make(), 'a'))).code).toBe('ERR_TLS_IDENTITY');
  });

  test('a bag in a bag, without end', async () => {
    let inner: DerNode = certificateBag(leaf.certificateDer);
    for (let depth = 0; depth < 6; depth += 1) inner = bag('1.2.840.113549.1.12.10.1.6', sequence(inner));
    expect(await refusal(pfx([inner, keyBag(leaf.privateKeyDer)]))).toContain('nest');
  });

  test('is not read without end', async () => {
    const many = encoded({ tag: 0x30, contents: Buffer.from('0500'.repeat(70_000), 'hex') });
    expect(await refusal(many)).toContain('more than 65536 elements');
  });

  test('thousands of bags that cannot be read', async () => {
    const bad = bag('1.2.840.113549.1.12.10.1.3', nullValue);
    expect(await refusal(pfx(Array.from({ length: 5000 }, () => bad)))).toContain('too many parts');
  });
});

function nested(depth: number): Uint8Array {
  let inner: DerNode = nullValue;
  for (let level = 0; level < depth; level += 1) inner = sequence(inner);
  return encoded(inner);
}

test('a test’s own reader of DER gives back what it reads', () => {
  const file = byOpenssl();
  expect(Buffer.concat(derNodes(file).map(encoded))).toEqual(Buffer.from(file));
});
