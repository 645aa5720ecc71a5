import { isTlsError, TlsError, type TrustAnchor } from '@org/tls-core';
import { concatBytes, copyBytes, equalBytes } from '@org/tls-core/backend';
import { certificateOfAnchor } from './anchor-certificate.ts';
import { parseCertificate, type Certificate } from './certificate.ts';
import { subjectOf } from './certificate-subject.ts';

/** One anchor of a list. */
export interface Root {
  /** The name of the anchor as DER. */
  readonly subject: Uint8Array;
  /** The bytes that tell it from others with the same subject: the certificate, or the key and its constraints. */
  readonly content: Uint8Array;
  /** Parses the certificate on the first call. @returns `undefined` when it cannot be used */
  readonly certificate: () => Certificate | undefined;
}

/**
 * Makes an anchor of a certificate that a caller names. It must be usable, and is parsed at once to find faults early.
 * @throws TlsError `ERR_TLS_CONFIG` when it cannot be used
 */
export function namedRoot(der: Uint8Array): Root {
  const certificate = asConfig('a certificate', () => parseCertificate(der));
  return { subject: certificate.subject.der, content: der, certificate: () => certificate };
}

/**
 * Makes an anchor of a name and a key that a caller gives. Its bytes are copied and read at once. The result is remembered for as long as
 * the caller keeps the object, so that a long list is read only once.
 * @throws TlsError `ERR_TLS_CONFIG` when it cannot be used
 */
export function bareRoot(anchor: TrustAnchor): Root {
  const known = bareRoots.get(anchor);
  if (known !== undefined && isSameAnchor(known.copy, anchor)) return known.root;
  const copy: TrustAnchor = {
    subject: copyBytes(anchor.subject),
    subjectPublicKeyInfo: copyBytes(anchor.subjectPublicKeyInfo),
    nameConstraints: anchor.nameConstraints && copyBytes(anchor.nameConstraints),
  };
  const certificate = asConfig('a trust anchor', () => certificateOfAnchor(copy));
  const content = concatBytes([copy.subjectPublicKeyInfo, copy.nameConstraints ?? nothing]);
  const root = { subject: copy.subject, content, certificate: () => certificate };
  bareRoots.set(anchor, { copy, root });
  return root;
}

const nothing = new Uint8Array(0);
const bareRoots = new WeakMap<TrustAnchor, { readonly copy: TrustAnchor; readonly root: Root }>();

/** Compares the bytes, which the caller may have changed since. */
function isSameAnchor(left: TrustAnchor, right: TrustAnchor): boolean {
  return (
    equalBytes(left.subject, right.subject) &&
    equalBytes(left.subjectPublicKeyInfo, right.subjectPublicKeyInfo) &&
    (left.nameConstraints === undefined) === (right.nameConstraints === undefined) &&
    equalBytes(left.nameConstraints ?? nothing, right.nameConstraints ?? nothing)
  );
}

/**
 * Makes an anchor of a certificate in a platform's store, which may be broken. @returns `undefined` when not even its subject can be read
 */
export function storedRoot(der: Uint8Array): Root | undefined {
  const subject = unlessBad(() => subjectOf(der));
  if (subject === undefined) return undefined;
  let parsed: { readonly certificate: Certificate | undefined } | undefined;
  return {
    subject,
    content: der,
    certificate: () => {
      parsed ??= { certificate: unlessBad(() => parseCertificate(der)) };
      return parsed.certificate;
    },
  };
}

/** @returns `undefined` where `read` throws a TlsError */
function unlessBad<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isTlsError(error)) return undefined;
    throw error;
  }
}

function asConfig<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isTlsError(error)) throw error;
    throw new TlsError('ERR_TLS_CONFIG', `trust: ${what} cannot be used: ${error.message}`, {
      option: 'trust',
      cause: error,
    });
  }
}
