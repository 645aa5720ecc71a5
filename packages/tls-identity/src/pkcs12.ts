import { BmpString, Constructed, ObjectIdentifier, Sequence, Set as SetBlock, type BaseBlock } from 'asn1js';
import { AuthenticatedSafe, ContentInfo, EncryptedData, PFX, PKCS8ShroudedKeyBag } from 'pkijs';
import { readBer } from './ber.ts';
import { fault, typed } from './identity-fault.ts';
import type { Passphrase } from './passphrase.ts';
import { decryptWithPassphrase, octets } from './password-encryption.ts';
import { checkMac } from './pkcs12-mac.ts';

/** What a PKCS#12 file holds, in the file's order. */
export interface Pkcs12Contents {
  readonly certificates: readonly NamedBytes[];
  /** The private keys as PKCS#8 that is not encrypted. */
  readonly privateKeys: readonly NamedBytes[];
}

export interface NamedBytes {
  readonly der: Uint8Array;
  /** The name of RFC 2985 §5.5.1, which keytool calls an alias. */
  readonly friendlyName: string | undefined;
}

/**
 * Reads a PKCS#12 file (RFC 7292) that a passphrase protects.
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when it is damaged, protected in a way that is not supported, or the passphrase is wrong
 */
export async function readPkcs12(file: Uint8Array, passphrase: Passphrase): Promise<Pkcs12Contents> {
  const pfx = await schema('the PKCS#12 file', file, (block) => new PFX({ schema: block }));
  if (pfx.version !== 3) throw fault(`the PKCS#12 file has version ${pfx.version}, not 3`);
  if (pfx.authSafe.contentType !== ContentInfo.DATA)
    throw fault('the PKCS#12 file is protected by a signature, not by a passphrase, which is not supported');
  const content = octets(pfx.authSafe.content);
  const text = await passphrase.orEmpty();
  if (pfx.macData !== undefined && !(await checkMac(pfx.macData, content, text)))
    throw fault(
      passphrase.isGiven
        ? 'the passphrase of the PKCS#12 file is wrong, or the file is damaged'
        : 'the PKCS#12 file needs a passphrase, and none was given',
    );
  const safes = await schema('its AuthenticatedSafe', content, (block) => new AuthenticatedSafe({ schema: block }));
  const contents: Contents = { certificates: [], privateKeys: [] };
  for (const safe of safes.safeContents) {
    // They are read one after the other, because together they may need much memory and time.
    // oxlint-disable-next-line no-await-in-loop
    await readSafeContents(await openSafe(safe, text), text, contents, 0);
  }
  return contents;
}

interface Contents {
  readonly certificates: NamedBytes[];
  readonly privateKeys: NamedBytes[];
}

async function openSafe(safe: ContentInfo, passphrase: string): Promise<BaseBlock> {
  switch (safe.contentType) {
    case ContentInfo.DATA:
      return readBer(octets(safe.content), 'a SafeContents');
    case ContentInfo.ENCRYPTED_DATA: {
      const decrypted = await typed('an EncryptedData cannot be read', async () => {
        const { encryptedContentInfo } = new EncryptedData({ schema: safe.content });
        const encrypted = new Uint8Array(encryptedContentInfo.getEncryptedContent());
        return decryptWithPassphrase(encryptedContentInfo.contentEncryptionAlgorithm, encrypted, passphrase);
      });
      return readBer(decrypted, 'a SafeContents');
    }
    default:
      throw fault(`the PKCS#12 file has contents of type ${safe.contentType}, which is not supported`);
  }
}

const BagType = {
  key: '1.2.840.113549.1.12.10.1.1',
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
  safeContents: '1.2.840.113549.1.12.10.1.6',
} as const;
const x509Certificate = '1.2.840.113549.1.9.22.1';
const friendlyNameOid = '1.2.840.113549.1.9.20';
const maxDepth = 4;

/** Reads SafeContents (RFC 7292 §4.2). CRLs, secrets and certificates of other kinds are no part of an identity. */
async function readSafeContents(block: BaseBlock, passphrase: string, into: Contents, depth: number): Promise<void> {
  if (depth > maxDepth) throw fault('the PKCS#12 file nests SafeContents too deeply');
  for (const bag of elements(block)) {
    const [type, wrapped, attributes] = elements(bag);
    const [value] = wrapped instanceof Constructed ? wrapped.valueBlock.value : [];
    if (!(type instanceof ObjectIdentifier) || value === undefined) throw fault('a SafeBag cannot be read');
    const friendlyName = friendlyNameIn(attributes);
    switch (type.valueBlock.toString()) {
      case BagType.key:
        into.privateKeys.push({ der: derOf(value), friendlyName });
        break;
      case BagType.shroudedKey: {
        // oxlint-disable-next-line no-await-in-loop
        into.privateKeys.push({ der: await decryptPkcs8(value, passphrase), friendlyName });
        break;
      }
      case BagType.certificate: {
        const der = certificateIn(value);
        if (der !== undefined) into.certificates.push({ der, friendlyName });
        break;
      }
      case BagType.safeContents:
        // oxlint-disable-next-line no-await-in-loop
        await readSafeContents(value, passphrase, into, depth + 1);
        break;
      default:
        break;
    }
  }
}

/** Decrypts the PKCS#8 in an `EncryptedPrivateKeyInfo` (RFC 5958 §3). */
export async function decryptPkcs8(block: BaseBlock, passphrase: string): Promise<Uint8Array> {
  return typed('an EncryptedPrivateKeyInfo cannot be read', async () => {
    const { encryptionAlgorithm, encryptedData } = new PKCS8ShroudedKeyBag({ schema: block });
    return decryptWithPassphrase(encryptionAlgorithm, octets(encryptedData), passphrase);
  });
}

function certificateIn(value: BaseBlock): Uint8Array | undefined {
  const [type, wrapped] = elements(value);
  const [certificate] = wrapped instanceof Constructed ? wrapped.valueBlock.value : [];
  if (!(type instanceof ObjectIdentifier)) throw fault('a CertBag cannot be read');
  return type.valueBlock.toString() === x509Certificate ? octets(certificate) : undefined;
}

function friendlyNameIn(attributes: BaseBlock | undefined): string | undefined {
  if (!(attributes instanceof SetBlock)) return undefined;
  for (const attribute of attributes.valueBlock.value) {
    const [type, values] = elements(attribute);
    const [name] = values instanceof SetBlock ? values.valueBlock.value : [];
    if (!(type instanceof ObjectIdentifier) || type.valueBlock.toString() !== friendlyNameOid) continue;
    if (name instanceof BmpString) return name.getValue();
  }
  return undefined;
}

function elements(block: BaseBlock): readonly BaseBlock[] {
  if (!(block instanceof Sequence)) throw fault('the PKCS#12 file has something else where a SEQUENCE must be');
  return block.valueBlock.value;
}

function derOf(block: BaseBlock): Uint8Array {
  return new Uint8Array(block.toBER());
}

async function schema<T>(what: string, bytes: Uint8Array, read: (block: BaseBlock) => T): Promise<T> {
  const block = await readBer(bytes, what);
  return typed(`${what} cannot be read`, () => read(block));
}
