import { Sequence } from 'asn1js';
import { AlgorithmIdentifier, CryptoEngine, type MacData } from 'pkijs';
import { fault, typed } from './identity-fault.ts';
import { deriveByPbkdf2, octets } from './password-encryption.ts';
import { checkIterations, hmacHash } from './pbkdf2.ts';

/** The hash functions of a MAC (RFC 7292 §4), with WebCrypto's names. */
const hashes: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'SHA-1',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
};
const pbmac1 = '1.2.840.113549.1.5.14';

/**
 * Checks the MAC over a PKCS#12 file's contents: it is an HMAC with a key derived by RFC 7292 §B.2, or a PBMAC1 (RFC 9879).
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` on an algorithm that is not supported
 */
export async function checkMac(macData: MacData, content: Uint8Array, passphrase: string): Promise<boolean> {
  const { digestAlgorithm, digest } = macData.mac;
  const mac = octets(digest);
  if (digestAlgorithm.algorithmId === pbmac1) return checkPbmac1(digestAlgorithm, mac, content, passphrase);
  const hash = hashes[digestAlgorithm.algorithmId];
  if (hash === undefined)
    throw fault(`the PKCS#12 file has a MAC with ${digestAlgorithm.algorithmId}, which is not supported`);
  const { iterations = 1 } = macData;
  checkIterations(iterations);
  return engine.verifyDataStampedWithPassword({
    password: Uint8Array.from(new TextEncoder().encode(passphrase)).buffer,
    hashAlgorithm: hash,
    salt: Uint8Array.from(octets(macData.macSalt)).buffer,
    iterationCount: iterations,
    contentToVerify: Uint8Array.from(content).buffer,
    signatureToVerify: Uint8Array.from(mac).buffer,
  });
}

const engine = new CryptoEngine({ name: 'WebCrypto', crypto: globalThis.crypto });

/** Checks a PBMAC1 (RFC 8018 §7.1), which must state the key's length (RFC 9879 §4). */
async function checkPbmac1(
  { algorithmParams }: AlgorithmIdentifier,
  mac: Uint8Array,
  content: Uint8Array,
  passphrase: string,
): Promise<boolean> {
  const [derivation, scheme] = await typed('its PBMAC1 parameters cannot be read', () => {
    const elements = algorithmParams instanceof Sequence ? algorithmParams.valueBlock.value : [];
    return elements.map((schema) => new AlgorithmIdentifier({ schema }));
  });
  if (derivation?.algorithmId !== '1.2.840.113549.1.5.12' || scheme === undefined)
    throw fault('PBMAC1: expected PBKDF2 and an HMAC');
  const hash = hmacHash(scheme.algorithmId);
  const raw = await deriveByPbkdf2(derivation.algorithmParams, passphrase, hmacLength[hash] ?? 0);
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('raw', Uint8Array.from(raw), { name: 'HMAC', hash }, false, ['verify']);
  return subtle.verify('HMAC', key, Uint8Array.from(mac), Uint8Array.from(content));
}

/** The lengths of HMAC keys in the examples of RFC 9879 §A: each is as long as the hash. */
const hmacLength: Readonly<Record<string, number>> = { 'SHA-1': 20, 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 };
