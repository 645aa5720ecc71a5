import type { HashAlgorithm } from '../provider.ts';
import { testKeys, type TestKey } from './test-keys.ts';

interface EcdsaAnswer {
  readonly source: string;
  readonly key: TestKey;
  readonly hash: HashAlgorithm;
  /** The half r of the signature, in hexadecimal. */
  readonly r: string;
  readonly s: string;
}

export const ecdsaAnswers: readonly EcdsaAnswer[] = [
  {
    source: 'RFC 6979 §A.2.5',
    key: testKeys.p256,
    hash: 'sha256',
    r: 'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716',
    s: 'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
  },
  {
    source: 'RFC 6979 §A.2.6',
    key: testKeys.p384,
    hash: 'sha384',
    r: '94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46',
    s: '99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8',
  },
  {
    source: 'RFC 6979 §A.2.7',
    key: testKeys.p521,
    hash: 'sha512',
    r: '00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450606add152b534931d7d4e8455cc91f9b15bf05ec36e377fa',
    s: '00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dccc43997f1ee0e44da4a67a',
  },
];

/** The signature of RFC 8032 §7.1, test 2, in hexadecimal. */
export const ed25519Signature =
  '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00';

/** What is signed in RFC 7515 §A.2.1, and the signature, in Base64. */
export const rs256Input =
  'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
export const rs256Signature =
  'cC4hiUPoj9Eetdgtv3hF80EGrhuB//dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh+0Qc/lF5YKt/O8W2Fp5jujGbds9uJdbF9CUAr7t' +
  '1dnZcAcQjbKBYNX4BAynRFdiuB++f/nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB/eSN9383LcOLn6/dO++xi12j' +
  'zDwusC+eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN/IoypGlUPQ' +
  'Ge77Rw==';

/** The key of RFC 7520 §3.3 and the example of §4.2 of that RFC, in Base64. */
export const ps384Modulus =
  'n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8/KuKPEHLd4rHVTeT+O+XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz/AJmSCpMaJMRBSFKrKb2wqVwG' +
  'U/NsYOYL+QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj+oBHqFEHYpPe7Tpe+OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3u' +
  'hGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3+tVTU4fg/3L/vniUFAKwuCLqKnS2BYwdq/mzSnbLY7h/qixoR7jig3//kRhuaxwUkRz5iaiQkqgc5gHd' +
  'rNP5zw==';
export const ps384Input =
  'eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCB' +
  'Gcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCw' +
  'gdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4';
export const ps384Signature =
  'cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6+tPid6VrklHkqsGqDqHCdP6O8TTB5dDDItllVo6/1OLPpcb' +
  'UrhiUSMxbbXUvdvWXzg+UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P/ijQ7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8I' +
  'mUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN/2/jLAeQTlqRHtfa64QQSUmFAAjVKPbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM+' +
  'X72Eaw==';

/** The SHA-256, in hexadecimal, of the SubjectPublicKeyInfo that RFC 9881 §C.1 prints. */
export const mlDsaAnswers: readonly (readonly [TestKey, string])[] = [
  [testKeys.mlDsa44, '837832708c5236d951581f1fddf2b79991b3424a0486d16da1ddad0fd69701be'],
  [testKeys.mlDsa65, 'b8b62131bfbe84433efb2273d7f5b87f7a22854a2cfd366fc2aead86d837c52d'],
  [testKeys.mlDsa87, '07e57c4f14dbad1267f621ec3777b4e2e6c4fbc4c22fbb87510ff8e0b3c6a642'],
];
