import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { Identity } from '@org/tls-core';
import { openPkcs12 } from './pkcs12-file.ts';
import { bytesOf, certificateBlocks, listOf, pemText, privateKeyBlock, type PemInput } from './pem-input.ts';

/** The options that say who we are. Node has judged them, so that each can be read, and keys fit their certificates. */
export interface IdentityOptions {
  readonly cert?: PemInput | readonly PemInput[] | null | undefined;
  readonly key?: PemInput | readonly (PemInput | KeyWithPassphrase)[] | null | undefined;
  readonly pfx?: PemInput | readonly (PemInput | FileWithPassphrase)[] | null | undefined;
  readonly passphrase?: string | undefined;
}

export interface KeyWithPassphrase {
  readonly pem: PemInput;
  readonly passphrase?: string | undefined;
}

export interface FileWithPassphrase {
  readonly buf: PemInput;
  readonly passphrase?: PemInput | undefined;
}

/** One certificate of ours with its key. */
export interface OwnCertificate {
  readonly leaf: X509Certificate;
  /** DER: the certificates behind the leaf that the program gave, in its order. */
  readonly intermediates: readonly Uint8Array[];
  /** PKCS#8, DER. */
  readonly privateKey: Uint8Array;
}

/** What the options say about us. */
export interface OwnCertificates {
  readonly identities: readonly OwnCertificate[];
  /** DER: certificates beside the leaf of PKCS#12 files. OpenSSL trusts them as it trusts `ca`. */
  readonly authorities: readonly Uint8Array[];
}

/** Reads certificates and keys. As in Node, a certificate without a key, or a key without one, is nothing. */
export function readOwnCertificates({ cert, key, pfx, passphrase }: IdentityOptions): OwnCertificates {
  const keys = listOf(key).map((each) => openKey(each, passphrase));
  const identities = listOf(cert).flatMap((each) => pairWith(keys, certificateBlocks(pemText(each))));
  const files = listOf(pfx).map((each) => openFile(each, passphrase));
  return {
    identities: [
      ...identities,
      ...files.flatMap(({ privateKey, leaf }) => pairWith([createPkcs8Key(privateKey)], [leaf])),
    ],
    authorities: files.flatMap(({ others }) => others),
  };
}

function openKey(given: PemInput | KeyWithPassphrase, common: string | undefined): KeyObject {
  const { pem, passphrase = common } = isKeyWithPassphrase(given) ? given : { pem: given };
  const text = pemText(pem);
  return createPrivateKey({ key: privateKeyBlock(text) ?? text, ...(passphrase !== undefined && { passphrase }) });
}

function isKeyWithPassphrase(given: PemInput | KeyWithPassphrase): given is KeyWithPassphrase {
  return typeof given === 'object' && 'pem' in given;
}

function openFile(given: PemInput | FileWithPassphrase, common: string | undefined): ReturnType<typeof openPkcs12> {
  const isPair = typeof given === 'object' && 'buf' in given;
  const { buf, passphrase } = isPair ? given : { buf: given, passphrase: undefined };
  return openPkcs12(bytesOf(buf), bytesOf(passphrase ?? common ?? '').toString());
}

function createPkcs8Key(der: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
}

function pairWith(
  keys: readonly KeyObject[],
  [first, ...intermediates]: readonly Uint8Array[],
): readonly OwnCertificate[] {
  if (first === undefined) return [];
  const leaf = new X509Certificate(first);
  const key = keys.find((each) => leaf.checkPrivateKey(each));
  return key === undefined ? [] : [{ leaf, intermediates, privateKey: key.export({ format: 'der', type: 'pkcs8' }) }];
}

const maxChain = 10;

/**
 * Makes what a backend proves itself with. As OpenSSL does, a certificate that was given without others gets its issuers out of the
 * authorities that the context knows, up to the root.
 */
export function identityOf(own: OwnCertificate, authorities: readonly Uint8Array[]): Identity {
  const known = own.intermediates.length > 0 ? [] : authorities.map(readable).filter((each) => each !== undefined);
  const chain = own.intermediates.length > 0 ? own.intermediates : issuersOf(own.leaf, known);
  return { certificateChain: [own.leaf.raw, ...chain], privateKey: own.privateKey };
}

/** Reads a certificate of the store, where OpenSSL passes over what it cannot read. */
function readable(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

function issuersOf(leaf: X509Certificate, authorities: readonly X509Certificate[]): readonly Uint8Array[] {
  const path: X509Certificate[] = [];
  for (let subject = leaf; path.length < maxChain && !subject.checkIssued(subject);) {
    const issuer = authorities.find((each) => subject.checkIssued(each) && subject.verify(each.publicKey));
    if (issuer === undefined) break;
    path.push(issuer);
    subject = issuer;
  }
  return path.map(({ raw }) => raw);
}

/** How the names of the schemes begin that a key of each type signs with. */
const schemesOfTypes: Readonly<Record<string, readonly string[]>> = {
  rsa: ['rsa_pss_rsae_', 'rsa_pkcs1_'],
  'rsa-pss': ['rsa_pss_pss_'],
  ec: ['ecdsa_'],
  ed25519: ['ed25519'],
  'ml-dsa-44': ['mldsa44'],
  'ml-dsa-65': ['mldsa65'],
  'ml-dsa-87': ['mldsa87'],
};

/** Those of some signature schemes that fit a certificate's key, by IANA names. */
export function schemesOfKey({ publicKey }: X509Certificate, schemes: readonly string[]): readonly string[] {
  const beginnings = schemesOfTypes[publicKey.asymmetricKeyType ?? ''] ?? [];
  return schemes.filter((scheme) => beginnings.some((beginning) => scheme.startsWith(beginning)));
}
