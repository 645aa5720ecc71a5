import { DerTag, type DerReader, Oid } from '@org/tls-crypto/der';
import type { GeneralName } from '../names/general-name.ts';
import { checkAuthorityInfoAccess } from './authority-information-access.ts';
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
import { readSubjectAltName } from './subject-alt-name.ts';
import { readTlsFeatures } from './tls-features.ts';

/** A certificate's extensions (RFC 5280 §4.2), as far as path validation uses them; `undefined`: absent. */
export interface Extensions {
  readonly basicConstraints: BasicConstraints | undefined;
  readonly keyUsage: KeyUsage | undefined;
  readonly extendedKeyUsage: ReadonlySet<string> | undefined;
  readonly subjectAltName: readonly GeneralName[] | undefined;
  readonly nameConstraints: NameConstraints | undefined;
  /** GeneralNames, DER. */
  readonly crlDistributionPoints: readonly Uint8Array[] | undefined;
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  readonly authorityKeyIdentifier: AuthorityKeyIdentifier | undefined;
  /** TLS extensions that a peer with this certificate answers (RFC 7633). */
  readonly tlsFeatures: readonly number[] | undefined;
  /** Object identifiers that are marked critical. */
  readonly critical: ReadonlySet<string>;
  /** Those of them that nothing here understands, and policyConstraints: such a certificate must not be used (§4.2). */
  readonly unknownCritical: readonly string[];
}

/** Extensions of a certificate, which has some ten; more than a few dozen are registered nowhere. */
const maxExtensions = 64;

type Found = { -readonly [Name in keyof Extensions]: Extensions[Name] } & {
  readonly critical: Set<string>;
  readonly unknownCritical: string[];
};

interface ExtensionRow {
  readonly name: string;
  /** Whether §4.2.1 forbids to mark it critical. */
  readonly neverCritical?: true;
  readonly read: (reader: DerReader, found: Found) => void;
}

/**
 * Reads the contents of Extensions.
 * @throws TlsError when one is there twice (§4.2), malformed, or critical where it must not be
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
      // a constraint on policies must be critical (§4.2.1.11); it is not obeyed here, and so not passed over either
      if (isCritical || oid === Oid.policyConstraints) found.unknownCritical.push(oid);
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
    crlDistributionPoints: undefined,
    tlsFeatures: undefined,
    subjectKeyIdentifier: undefined,
    authorityKeyIdentifier: undefined,
    critical: new Set(),
    unknownCritical: [],
  };
}

/** What a certificate without extensions has. */
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
    read: checkAuthorityInfoAccess,
  },
  // §6.1: any policy is acceptable to us, so that a policy alone rejects nothing; constraints on policies stay unknown
  [Oid.certificatePolicies]: {
    name: 'certificatePolicies',
    read: (reader) => {
      reader.any();
    },
  },
};
