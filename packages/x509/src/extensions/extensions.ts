import { DerTag, type DerReader, Oid } from '@org/tls-crypto/der';
import type { GeneralName } from '../names/general-name.ts';
import { readOcspResponders } from './authority-information-access.ts';
import { readBasicConstraints, type BasicConstraints } from './basic-constraints.ts';
import { readCrlDistributionPoints } from './crl-distribution-points.ts';
import { readExtendedKeyUsage } from './extended-key-usage.ts';
import {
  readAuthorityKeyIdentifier,
  readSubjectKeyIdentifier,
  type AuthorityKeyIdentifier,
} from './key-identifiers.ts';
import { readKeyUsage, type KeyUsage } from './key-usage.ts';
import { readNameConstraints, type NameConstraints } from './name-constraints.ts';
import {
  readCertificatePolicies,
  readInhibitAnyPolicy,
  readPolicyConstraints,
  readPolicyMappings,
  type PolicyConstraints,
  type PolicyMapping,
} from './policies.ts';
import { readSubjectAltName } from './subject-alt-name.ts';
import { readTlsFeatures } from './tls-features.ts';

/** A certificate's extensions (RFC 5280 §4.2), as far as path validation uses them. An extension that is absent is `undefined`. */
export interface Extensions {
  readonly basicConstraints: BasicConstraints | undefined;
  readonly keyUsage: KeyUsage | undefined;
  readonly extendedKeyUsage: ReadonlySet<string> | undefined;
  readonly subjectAltName: readonly GeneralName[] | undefined;
  readonly nameConstraints: NameConstraints | undefined;
  /** The object identifiers of the policies (RFC 5280 §4.2.1.4). */
  readonly certificatePolicies: ReadonlySet<string> | undefined;
  readonly policyMappings: readonly PolicyMapping[] | undefined;
  readonly policyConstraints: PolicyConstraints | undefined;
  /** After how many certificates `anyPolicy` stands for nothing any more (RFC 5280 §4.2.1.14). */
  readonly inhibitAnyPolicy: number | undefined;
  /** The GeneralNames of all distribution points, each as DER. */
  readonly crlDistributionPoints: readonly Uint8Array[] | undefined;
  /** The URIs of OCSP responders of authorityInfoAccess, as they stand there (RFC 5280 §4.2.2.1). */
  readonly ocspResponders: readonly string[] | undefined;
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  readonly authorityKeyIdentifier: AuthorityKeyIdentifier | undefined;
  /** The numbers of the TLS extensions that a peer with this certificate has to answer (RFC 7633). */
  readonly tlsFeatures: readonly number[] | undefined;
  /** The object identifiers of the extensions that are marked critical. */
  readonly critical: ReadonlySet<string>;
  /** Those critical ones that nothing here understands: such a certificate must not be used (RFC 5280 §4.2). */
  readonly unknownCritical: readonly string[];
}

/** The most extensions that are read: a certificate has some ten, and only a few dozen are registered at all. */
const maxExtensions = 64;

type Found = { -readonly [Name in keyof Extensions]: Extensions[Name] } & {
  readonly critical: Set<string>;
  readonly unknownCritical: string[];
};

interface ExtensionRow {
  readonly name: string;
  /** Whether RFC 5280 §4.2.1 forbids to mark it critical. */
  readonly neverCritical?: true;
  readonly read: (reader: DerReader, found: Found) => void;
}

/**
 * Reads the contents of the Extensions of RFC 5280 §4.2.
 * @throws TlsError when an extension is there twice (RFC 5280 §4.2), malformed, or critical where it must not be
 */
export function readExtensions(reader: DerReader): Extensions {
  const found = newExtensions();
  const seen = new Set<string>();
  reader.list(maxExtensions, () => {
    const extension = reader.sequence();
    const oid = extension.objectIdentifier();
    const isCritical = extension.peek() === DerTag.boolean && extension.boolean();
    const value = extension.contents(DerTag.octetString);
    extension.end();
    if (seen.has(oid)) throw reader.fault(`extension ${oid} twice`);
    seen.add(oid);
    if (isCritical) found.critical.add(oid);
    const row = rows[oid];
    if (row === undefined) {
      if (isCritical) found.unknownCritical.push(oid);
      return;
    }
    if (isCritical && row.neverCritical) throw reader.fault(`${row.name} marked critical`);
    const contents = reader.within(value, row.name);
    row.read(contents, found);
    contents.end();
  });
  return found;
}

function newExtensions(): Found {
  return {
    basicConstraints: undefined,
    keyUsage: undefined,
    extendedKeyUsage: undefined,
    subjectAltName: undefined,
    nameConstraints: undefined,
    certificatePolicies: undefined,
    policyMappings: undefined,
    policyConstraints: undefined,
    inhibitAnyPolicy: undefined,
    crlDistributionPoints: undefined,
    ocspResponders: undefined,
    tlsFeatures: undefined,
    subjectKeyIdentifier: undefined,
    authorityKeyIdentifier: undefined,
    critical: new Set(),
    unknownCritical: [],
  };
}

/** The extensions of a certificate that has none. */
export const noExtensions: Extensions = newExtensions();

const rows: Readonly<Record<string, ExtensionRow>> = {
  [Oid.basicConstraints]: {
    name: 'basicConstraints',
    read: (reader, found) => {
      found.basicConstraints = readBasicConstraints(reader);
    },
  },
  [Oid.keyUsage]: {
    name: 'keyUsage',
    read: (reader, found) => {
      found.keyUsage = readKeyUsage(reader);
    },
  },
  [Oid.extKeyUsage]: {
    name: 'extKeyUsage',
    read: (reader, found) => {
      found.extendedKeyUsage = readExtendedKeyUsage(reader);
    },
  },
  [Oid.subjectAltName]: {
    name: 'subjectAltName',
    read: (reader, found) => {
      found.subjectAltName = readSubjectAltName(reader);
    },
  },
  [Oid.nameConstraints]: {
    name: 'nameConstraints',
    read: (reader, found) => {
      found.nameConstraints = readNameConstraints(reader);
    },
  },
  [Oid.crlDistributionPoints]: {
    name: 'cRLDistributionPoints',
    read: (reader, found) => {
      found.crlDistributionPoints = readCrlDistributionPoints(reader);
    },
  },
  [Oid.tlsFeature]: {
    name: 'TLS feature',
    read: (reader, found) => {
      found.tlsFeatures = readTlsFeatures(reader);
    },
  },
  [Oid.subjectKeyIdentifier]: {
    name: 'subjectKeyIdentifier',
    neverCritical: true,
    read: (reader, found) => {
      found.subjectKeyIdentifier = readSubjectKeyIdentifier(reader);
    },
  },
  [Oid.authorityKeyIdentifier]: {
    name: 'authorityKeyIdentifier',
    neverCritical: true,
    read: (reader, found) => {
      found.authorityKeyIdentifier = readAuthorityKeyIdentifier(reader);
    },
  },
  [Oid.authorityInfoAccess]: {
    name: 'authorityInfoAccess',
    neverCritical: true,
    read: (reader, found) => {
      found.ocspResponders = readOcspResponders(reader);
    },
  },
  [Oid.certificatePolicies]: {
    name: 'certificatePolicies',
    read: (reader, found) => {
      const { policies, hasUnknownQualifier } = readCertificatePolicies(reader);
      found.certificatePolicies = policies;
      // Where the extension is critical, its qualifiers must be understood too (RFC 5280 §4.2.1.4).
      if (hasUnknownQualifier && found.critical.has(Oid.certificatePolicies))
        found.unknownCritical.push(Oid.certificatePolicies);
    },
  },
  [Oid.policyMappings]: {
    name: 'policyMappings',
    read: (reader, found) => {
      found.policyMappings = readPolicyMappings(reader);
    },
  },
  [Oid.policyConstraints]: {
    name: 'policyConstraints',
    read: (reader, found) => {
      found.policyConstraints = readPolicyConstraints(reader);
    },
  },
  [Oid.inhibitAnyPolicy]: {
    name: 'inhibitAnyPolicy',
    read: (reader, found) => {
      found.inhibitAnyPolicy = readInhibitAnyPolicy(reader);
    },
  },
};
