import { md5 as nobleMd5, sha1 as nobleSha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js';
import type { HashFunction } from './platform/hash-function.ts';

export const md5: HashFunction = { name: 'md5', byNoble: nobleMd5 };
export const sha1: HashFunction = { name: 'sha1', byNoble: nobleSha1 };

/** The hash functions of the MAC of a PKCS#12 file by their object identifiers (RFC 7292 §4). */
export const hashFunctions: Readonly<Record<string, HashFunction>> = {
  '1.2.840.113549.2.5': md5,
  '1.3.14.3.2.26': sha1,
  '2.16.840.1.101.3.4.2.4': { name: 'sha224', byNoble: sha224 },
  '2.16.840.1.101.3.4.2.1': { name: 'sha256', byNoble: sha256 },
  '2.16.840.1.101.3.4.2.2': { name: 'sha384', byNoble: sha384 },
  '2.16.840.1.101.3.4.2.3': { name: 'sha512', byNoble: sha512 },
  '2.16.840.1.101.3.4.2.5': { name: 'sha512-224', byNoble: sha512_224 },
  '2.16.840.1.101.3.4.2.6': { name: 'sha512-256', byNoble: sha512_256 },
};
