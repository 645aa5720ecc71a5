import { TlsError, type Identity } from '@org/tls-core';
import {
  certificatesOfChain,
  cipherSuiteNumbers,
  namedGroupNumbers,
  privateKeyInPem,
  signatureSchemeNumbers,
} from '@org/tls-core/backend';
import type { AskedClientHello } from '../border/client-hello-info.ts';
import type { Addon, CredentialFacts, CredentialHandle, NativeLibrary } from '../border/addon.ts';
import { made } from '../border/faults.ts';
import { platforms } from '../border/platforms.ts';
import { numbersOf } from '../border/registry.ts';

/** An identity that the library has loaded. */
export interface Credential extends CredentialFacts {
  readonly handle: CredentialHandle;
  readonly identity: Identity;
}

/** What a peer says of the identity it wants. */
export interface Wanted {
  readonly signatureSchemes: Uint16Array;
  readonly certificateAuthorities: readonly Uint8Array[];
}

/**
 * Loads an identity.
 * @throws TlsError `ERR_TLS_IDENTITY` when it cannot be used, `ERR_TLS_UNSUPPORTED` on fields that this backend does not have
 */
export function loadCredential(addon: Addon, identity: Identity): Credential {
  for (const field of unsupportedFields) {
    if (identity[field] === undefined) continue;
    throw new TlsError('ERR_TLS_UNSUPPORTED', `the native backend has no \`${field}\` yet; @org/tls-pure has`, {
      option: 'identity',
    });
  }
  const { certificateChain = [] } = identity;
  const chain = certificatesOfChain(certificateChain);
  if (chain.length === 0)
    throw new TlsError('ERR_TLS_IDENTITY', 'there is no certificate in the chain', { option: 'identity' });
  const handle = made(addon.createCredential(chain, keyOf(identity), restrictionOf(identity)));
  return { handle, identity, ...addon.describeCredential(handle) };
}

/**
 * Refuses an identity of a server with a response to staple where the platform staples none.
 * @throws TlsError `ERR_TLS_UNSUPPORTED`
 */
export function checkStaple({ name }: NativeLibrary, { ocspResponse }: Identity): void {
  if (ocspResponse === undefined || platforms[name].features.includes('ocspStapling')) return;
  throw new TlsError('ERR_TLS_UNSUPPORTED', `${name} staples no \`ocspResponse\``, { option: 'identity' });
}

/** Holds what was loaded for as long as somebody holds the identity. */
const loaded = new WeakMap<Addon, WeakMap<Identity, Credential>>();

/** As `loadCredential`, once for each identity: a hook gives the same one for many connections. */
export function loadedOnce(addon: Addon, identity: Identity): Credential {
  const ofAddon = loaded.get(addon) ?? new WeakMap<Identity, Credential>();
  loaded.set(addon, ofAddon);
  const known = ofAddon.get(identity);
  if (known !== undefined) return known;
  const credential = loadCredential(addon, identity);
  ofAddon.set(identity, credential);
  return credential;
}

const unsupportedFields = ['rawPublicKey', 'signedCertificateTimestamps'] as const;

/** @returns the private key, or no bytes where a signer has it */
function keyOf({ signer, privateKey = '' }: Identity): Uint8Array {
  if (signer !== undefined) return new Uint8Array();
  const key = typeof privateKey === 'string' ? privateKeyInPem(privateKey).der : privateKey;
  if (key.length === 0) throw new TlsError('ERR_TLS_IDENTITY', 'the private key is empty', { option: 'identity' });
  return key;
}

/** Gives the numbers of the only schemes that it may sign with; a name that is not registered has none. */
function restrictionOf({ signer, signatureSchemes: wanted }: Identity): readonly number[] | undefined {
  const names = signer === undefined ? wanted : commonNames(wanted ?? signer.signatureSchemes, signer.signatureSchemes);
  return names && numbersOf(signatureSchemeNumbers, names);
}

function commonNames(names: readonly string[], others: readonly string[]): readonly string[] {
  return names.filter((name) => others.includes(name));
}

/** Gives the schemes that a context's identities may sign with: all of the library's where no identity is restricted. */
export function ownSignatureSchemes(credentials: readonly Credential[], all: readonly number[]): readonly number[] {
  const isRestricted = credentials.some(({ identity }) => restrictionOf(identity) !== undefined);
  return isRestricted ? [...new Set(credentials.flatMap((credential) => credential.tls12SignatureSchemes))] : all;
}

/** Tells whether a server's key fits what else a ClientHello of TLS 1.2 names: its groups and its suites (RFC 8422 §5.1, §5.3). */
export function fitsTls12({ signatureSchemes: own }: Credential, hello: AskedClientHello): boolean {
  const curve = own.map((scheme) => curveOfScheme.get(scheme)).find((each) => each !== undefined);
  const kind = own.some((scheme) => rsaSchemes.has(scheme)) ? '_ECDHE_RSA_' : '_ECDHE_ECDSA_';
  return (
    (curve === undefined || hello.groups.length === 0 || hello.groups.includes(curve)) &&
    Object.entries(cipherSuiteNumbers).some(
      ([name, suite]) => name.includes(kind) && hello.cipherSuites.includes(suite),
    )
  );
}

const curveOfScheme: ReadonlyMap<number, number> = new Map<number, number>([
  [signatureSchemeNumbers.ecdsa_secp256r1_sha256, namedGroupNumbers.secp256r1],
  [signatureSchemeNumbers.ecdsa_secp384r1_sha384, namedGroupNumbers.secp384r1],
  [signatureSchemeNumbers.ecdsa_secp521r1_sha512, namedGroupNumbers.secp521r1],
]);
const rsaSchemes: ReadonlySet<number> = new Set(
  Object.entries(signatureSchemeNumbers).flatMap(([name, scheme]) => (name.startsWith('rsa_') ? [scheme] : [])),
);

/** Chooses the first that can sign with a scheme the peer accepts, and whose issuer the peer names where that matters (RFC 8446 §4.2.4). */
export function chooseCredential(
  list: readonly Credential[],
  wanted: Wanted,
  isTls13: boolean,
): Credential | undefined {
  const isAccepted = (scheme: number): boolean =>
    wanted.signatureSchemes.includes(scheme) && (!isTls13 || !tls12Schemes.includes(scheme));
  return list.find(
    ({ signatureSchemes: own, tls12SignatureSchemes: own12, identity, issuers }) =>
      (isTls13 ? own : own12).some((scheme) => isAccepted(scheme)) &&
      (identity.mustMatchIssuer !== true || issuers.some((name) => isAmong(name, wanted.certificateAuthorities))),
  );
}

/** The schemes that only sign certificates in TLS 1.3 (RFC 8446 §4.2.3). */
const tls12Schemes: readonly number[] = [
  signatureSchemeNumbers.rsa_pkcs1_sha256,
  signatureSchemeNumbers.rsa_pkcs1_sha384,
  signatureSchemeNumbers.rsa_pkcs1_sha512,
];

function isAmong(name: Uint8Array, names: readonly Uint8Array[]): boolean {
  return names.some((each) => Buffer.compare(each, name) === 0);
}
