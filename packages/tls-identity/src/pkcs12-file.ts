import { decodeBase64, decodePem, kindOfText, looksLikePem, textIn } from '@org/tls-core/backend';
import { DerReader, DerTag } from '@org/tls-crypto/der';
import { checkLength, derOf } from './ber.ts';
import { fault } from './identity-fault.ts';

/**
 * Gives the DER of a PKCS#12 file: of its bytes, of Base64 of them (as secrets of Kubernetes and of CI have it), or of PEM as GnuTLS writes it.
 * @throws TlsError `ERR_TLS_IDENTITY` on anything else, named for what it is where that is known
 */
export function pfxOf(source: string | Uint8Array): Uint8Array {
  checkLength(source, 'pfx');
  const bytes = typeof source === 'string' ? bytesOfText(source) : bytesOfFile(source);
  const der = derOf(bytes, 'the PKCS#12 file');
  const kind = kindOfDer(der);
  if (kind !== undefined) throw thisIs(kind);
  return der;
}

function bytesOfFile(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === DerTag.sequence) return bytes;
  const kind = kindOfKeystore(bytes);
  if (kind !== undefined) throw thisIs(kind);
  if (bytes.length === 0) throw fault('pfx: the file is empty');
  const text = textIn(bytes);
  // NUL and U+FFFD, which stands for what cannot be decoded, are in no text.
  if (/[\0\uFFFD]/u.test(text)) throw fault('pfx: this is no PKCS#12 file, and nothing else that is known');
  return bytesOfText(text);
}

function bytesOfText(text: string): Uint8Array {
  if (looksLikePem(text)) return pfxInPem(text);
  const bytes = decodeBase64(text);
  if (bytes?.[0] === DerTag.sequence) return bytes;
  const keystore = bytes === undefined ? undefined : kindOfKeystore(bytes);
  throw thisIs(keystore === undefined ? kindOfText(text) : `Base64 of ${keystore}`);
}

/** GnuTLS writes PEM with this label unless it is asked for DER. */
function pfxInPem(text: string): Uint8Array {
  const blocks = decodePem(text, 'identity', true);
  const [file, ...others] = blocks.filter(({ label }) => label === 'PKCS12');
  if (file !== undefined && others.length === 0) return file.der;
  const labels = [...new Set(blocks.map(({ label }) => label))].slice(0, 5).join(', ');
  throw thisIs(`PEM with ${labels}; ${asPair}`);
}

const asPair = 'give it as `privateKey` and `certificateChain`';

const bouncyCastle = ' -providerpath bcprov.jar -providerclass org.bouncycastle.jce.provider.BouncyCastleProvider';

/** The keystores of Java that are not PKCS#12, by their first bytes. */
const keystores: readonly (readonly [type: string, from: readonly number[], options: string])[] = [
  ['JKS', [0xfe, 0xed, 0xfe, 0xed], ''],
  ['JCEKS', [0xce, 0xce, 0xce, 0xce], ''],
  // The version, and the length of the salt.
  ['BKS', [0, 0, 0, 1, 0, 0, 0, 20], bouncyCastle],
  ['BKS', [0, 0, 0, 2, 0, 0, 0, 20], bouncyCastle],
];

function kindOfKeystore(bytes: Uint8Array): string | undefined {
  const known = keystores.find(([, from]) => from.every((octet, index) => bytes[index] === octet));
  if (known === undefined) return undefined;
  const [type, , options] = known;
  return keystoreOf(type, options);
}

function keystoreOf(type: string, options: string): string {
  return (
    `a keystore of the type ${type}, which only Java reads; convert it with ` +
    `\`keytool -importkeystore -srckeystore old -srcstoretype ${type} -destkeystore new.p12 -deststoretype PKCS12${options}\``
  );
}

/** Tells by its first two elements what a SEQUENCE is, if it is no PFX, which begins with the number 3. */
function kindOfDer(der: Uint8Array): string | undefined {
  const reader = new DerReader(der, 'the PKCS#12 file', 'ERR_TLS_IDENTITY').sequence();
  if (reader.peek() === DerTag.objectIdentifier) return 'PKCS#7, which has no private key';
  if (reader.peek() === DerTag.integer) {
    const isZero = reader.smallInteger() === 0;
    return isZero ? `a private key in DER; ${asPair}` : undefined;
  }
  if (reader.peek() !== DerTag.sequence) return undefined;
  const inner = reader.sequence();
  if (inner.peek() === DerTag.sequence) return keystoreOf('BCFKS', bouncyCastle);
  if (inner.peek() === DerTag.objectIdentifier) return `an encrypted private key in DER; ${asPair}`;
  return `a certificate in DER, without its private key; ${asPair}`;
}

function thisIs(what: string): ReturnType<typeof fault> {
  return fault(`pfx: this is ${what}`);
}
