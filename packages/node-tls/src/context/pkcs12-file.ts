import {
  createDecipheriv,
  createHash,
  createPrivateKey,
  pbkdf2Sync,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { elementIn, oidHex, readBer, type BerElement } from './ber-element.ts';

/** What Node takes from a PKCS#12 file. */
export interface Pkcs12Contents {
  /** PKCS#8, DER. */
  readonly privateKey: Buffer;
  /** DER: the certificate that the key fits. */
  readonly leaf: Buffer;
  /** DER. */
  readonly others: readonly Buffer[];
}

/** The object identifiers of RFC 7292 §4 and RFC 5652, in hexadecimal. */
const Oid = {
  data: '2a864886f70d010701',
  encryptedData: '2a864886f70d010706',
  keyBag: '2a864886f70d010c0a0101',
  shroudedKeyBag: '2a864886f70d010c0a0102',
  certificateBag: '2a864886f70d010c0a0103',
  safeContentsBag: '2a864886f70d010c0a0106',
  pbes2: '2a864886f70d01050d',
  pbkdf2: '2a864886f70d01050c',
  tripleDesBySha1: '2a864886f70d010c0103',
} as const;

/**
 * Reads a PKCS#12 file at once. `readIdentity` of @org/tls-identity reads more of them, and cannot be used where Node's function gives its
 * answer at once. Node has read the file before, so that the passphrase is right and the file is whole.
 * @throws Error when there is a cipher that Node has and this does not
 */
export function openPkcs12(file: Buffer, passphrase: string): Pkcs12Contents {
  const contents: Contents = { keys: [], certificates: [] };
  const safes = readBer(elementIn(readBer(file), 1, 1, 0).contents);
  for (const safe of safes.children) readSafeContents(openSafe(safe, passphrase), passphrase, contents);
  const [key] = contents.keys;
  const leaf = contents.certificates.find((der) => key !== undefined && new X509Certificate(der).checkPrivateKey(key));
  if (key === undefined || leaf === undefined) throw new Error('PKCS#12: no certificate with its private key');
  const privateKey = key.export({ format: 'der', type: 'pkcs8' });
  return { privateKey, leaf, others: contents.certificates.filter((der) => der !== leaf) };
}

interface Contents {
  readonly keys: KeyObject[];
  readonly certificates: Buffer[];
}

function openSafe(safe: BerElement, passphrase: string): BerElement {
  if (oidHex(elementIn(safe, 0)) !== Oid.encryptedData) return readBer(elementIn(safe, 1, 0).contents);
  // EncryptedData (RFC 5652 §8): the version, and then type, algorithm and [0] octets of what is encrypted
  const encrypted = elementIn(safe, 1, 0, 1);
  return readBer(decrypt(elementIn(encrypted, 1), elementIn(encrypted, 2).contents, passphrase));
}

function readSafeContents(safeContents: BerElement, passphrase: string, into: Contents): void {
  for (const bag of safeContents.children) {
    const value = elementIn(bag, 1, 0);
    switch (oidHex(elementIn(bag, 0))) {
      case Oid.keyBag:
        into.keys.push(createPrivateKey({ key: value.raw, format: 'der', type: 'pkcs8' }));
        break;
      case Oid.shroudedKeyBag:
        into.keys.push(createPrivateKey({ key: value.raw, format: 'der', type: 'pkcs8', passphrase }));
        break;
      case Oid.certificateBag:
        into.certificates.push(elementIn(value, 1, 0).contents);
        break;
      case Oid.safeContentsBag:
        readSafeContents(value, passphrase, into);
        break;
      default:
        break;
    }
  }
}

function decrypt(algorithm: BerElement, encrypted: Buffer, passphrase: string): Buffer {
  const name = oidHex(elementIn(algorithm, 0));
  if (name === Oid.pbes2) return decryptPbes2(elementIn(algorithm, 1), encrypted, passphrase);
  if (name !== Oid.tripleDesBySha1) throw new Error(`PKCS#12: the cipher ${name} is not read`);
  const salt = elementIn(algorithm, 1, 0).contents;
  const iterations = integer(elementIn(algorithm, 1, 1));
  const password = bmpString(passphrase);
  const key = derivePkcs12({ password, salt, iterations, purpose: 1, length: 24 });
  const iv = derivePkcs12({ password, salt, iterations, purpose: 2, length: 8 });
  return decipher('des-ede3-cbc', key, iv, encrypted);
}

/** The ciphers of PBES2 with the bytes of their keys. */
const ciphers: Readonly<Record<string, readonly [name: string, keyLength: number]>> = {
  '60864801650304012a': ['aes-256-cbc', 32],
  '608648016503040116': ['aes-192-cbc', 24],
  '608648016503040102': ['aes-128-cbc', 16],
  '2a864886f70d0307': ['des-ede3-cbc', 24],
};

/** The hashes of PBKDF2 (RFC 8018 §B.1.2). */
const hashes: Readonly<Record<string, string>> = {
  '2a864886f70d0207': 'sha1',
  '2a864886f70d0208': 'sha224',
  '2a864886f70d0209': 'sha256',
  '2a864886f70d020a': 'sha384',
  '2a864886f70d020b': 'sha512',
};

/** Decrypts by PBES2 (RFC 8018 §6.2). */
function decryptPbes2(parameters: BerElement, encrypted: Buffer, passphrase: string): Buffer {
  const derivation = elementIn(parameters, 0);
  const scheme = elementIn(parameters, 1);
  const [cipher, keyLength] = ciphers[oidHex(elementIn(scheme, 0))] ?? [];
  const [salt, iterations, ...rest] = elementIn(derivation, 1).children;
  const prf = rest.find(({ tag }) => tag === 0x30);
  const hash = prf === undefined ? 'sha1' : hashes[oidHex(elementIn(prf, 0))];
  const isPbkdf2 = oidHex(elementIn(derivation, 0)) === Oid.pbkdf2;
  if (!isPbkdf2 || cipher === undefined || keyLength === undefined || hash === undefined || salt === undefined)
    throw new Error('PKCS#12: the parameters of PBES2 are not read');
  const key = pbkdf2Sync(passphrase, salt.contents, integer(iterations), keyLength, hash);
  return decipher(cipher, key, elementIn(scheme, 1).contents, encrypted);
}

function decipher(name: string, key: Buffer, iv: Buffer, encrypted: Buffer): Buffer {
  const cipher = createDecipheriv(name, key, iv);
  return Buffer.concat([cipher.update(encrypted), cipher.final()]);
}

function integer(element: BerElement | undefined): number {
  const { contents } = element ?? { contents: Buffer.alloc(0) };
  return contents.length > 0 && contents.length <= 6 ? contents.readUIntBE(0, contents.length) : 1;
}

/** A passphrase as RFC 7292 §B.1 wants it: UTF-16, big-endian, with a zero at the end. */
function bmpString(passphrase: string): Buffer {
  return Buffer.from(`${passphrase}\0`, 'utf16le').swap16();
}

interface Derivation {
  readonly password: Buffer;
  readonly salt: Buffer;
  readonly iterations: number;
  /** 1 for a key, 2 for an initialization vector (RFC 7292 §B.3). */
  readonly purpose: 1 | 2;
  readonly length: number;
}

const hashBlock = 64;

/** Derives a key with SHA-1 (RFC 7292 §B.2). */
function derivePkcs12({ password, salt, iterations, purpose, length }: Derivation): Buffer {
  const diversifier = Buffer.alloc(hashBlock, purpose);
  const blocks = [salt, password].flatMap((bytes) => fillBlocks(bytes));
  let derived = Buffer.alloc(0);
  while (derived.length < length) {
    let block = Buffer.concat([diversifier, ...blocks]);
    for (let round = 0; round < iterations; round += 1) block = createHash('sha1').update(block).digest();
    derived = Buffer.concat([derived, block]);
    const addend = Buffer.alloc(hashBlock);
    for (let at = 0; at < hashBlock; at += 1) addend[at] = block[at % block.length] ?? 0;
    for (const each of blocks) addPlusOne(each, addend);
  }
  return derived.subarray(0, length);
}

/** Repeats bytes to a multiple of the hash's block and cuts that into blocks. */
function fillBlocks(bytes: Buffer): Buffer[] {
  const count = Math.ceil(bytes.length / hashBlock);
  const filled = Buffer.from(Array.from({ length: count * hashBlock }, (_, at) => bytes[at % bytes.length] ?? 0));
  return Array.from({ length: count }, (_, index) => filled.subarray(index * hashBlock, (index + 1) * hashBlock));
}

/** Adds two numbers of the same length, big-endian, and one, into the first. */
function addPlusOne(into: Buffer, addend: Buffer): void {
  let carry = 1;
  for (let at = into.length - 1; at >= 0; at -= 1) {
    carry += (into[at] ?? 0) + (addend[at] ?? 0);
    into[at] = carry & 0xff;
    carry >>>= 8;
  }
}
