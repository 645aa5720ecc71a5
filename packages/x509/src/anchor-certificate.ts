import type { TrustAnchor } from '@org/tls-core';
import type { Certificate } from './certificate.ts';
import { DerReader, Oid } from '@org/tls-crypto/der';
import { readName } from './names/distinguished-name.ts';
import { noExtensions } from './extensions/extensions.ts';
import { readNameConstraints } from './extensions/name-constraints.ts';
import { cachedPublicKey } from './public-key-cache.ts';

const nothing = new Uint8Array(0);

/**
 * Gives a trust anchor that is not a certificate the shape of one, so that a path can end at it: the shape of a CA of version 3 that is
 * valid for ever, for every purpose and for any length of path. The anchor gives the name, the key (RFC 5280 §6.1.1 (d)) and, beyond that
 * section, the name constraints. The `der` of the result is empty. The anchor's bytes are kept, not copied.
 * @throws TlsError `ERR_TLS_CERTIFICATE_BAD` or `ERR_TLS_CERTIFICATE_UNSUPPORTED`, where `parseCertificate` would throw them
 */
export function certificateOfAnchor({ subject, subjectPublicKeyInfo, nameConstraints }: TrustAnchor): Certificate {
  const name = readWhole(subject, 'TrustAnchor.subject', readName);
  return Object.freeze({
    ...noExtensions,
    basicConstraints: { cA: true, pathLenConstraint: undefined },
    nameConstraints:
      nameConstraints === undefined
        ? undefined
        : readWhole(nameConstraints, 'TrustAnchor.nameConstraints', readNameConstraints),
    critical: new Set([Oid.basicConstraints, Oid.nameConstraints]),
    der: nothing,
    tbsCertificate: nothing,
    version: 3,
    serialNumber: nothing,
    signatureAlgorithm: { oid: '', algorithm: undefined, hasNeedlessNull: false },
    signature: nothing,
    issuer: name,
    subject: name,
    notBefore: -Infinity,
    notAfter: Infinity,
    publicKey: cachedPublicKey(subjectPublicKeyInfo, 'ERR_TLS_CERTIFICATE_BAD'),
    isSelfIssued: true,
  });
}

/** Tells whether no certificate stands behind this object, because `certificateOfAnchor` made it. */
export function isBareAnchor({ der }: Certificate): boolean {
  return der.length === 0;
}

function readWhole<T>(der: Uint8Array, what: string, read: (reader: DerReader) => T): T {
  const reader = new DerReader(der, what);
  const value = read(reader);
  reader.end();
  return value;
}
