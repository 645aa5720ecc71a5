import { contextTag, Oid, type DerReader } from '@org/tls-crypto/der';

/** The most policies of a certificate, and the most pairs of policies that a CA equates. Bridges between PKIs have some thirty. */
const maxPolicies = 64;
const maxMappings = 128;
/** The most qualifiers of a policy; RFC 5280 §4.2.1.4 knows two kinds. */
const maxQualifiers = 16;

/** certificatePolicies (RFC 5280 §4.2.1.4). */
export interface CertificatePolicies {
  /** The object identifiers, `anyPolicy` among them where it stands there. */
  readonly policies: ReadonlySet<string>;
  /** Whether a policy has a qualifier that RFC 5280 does not know: where the extension is critical, the certificate must be refused. */
  readonly hasUnknownQualifier: boolean;
}

export function readCertificatePolicies(reader: DerReader): CertificatePolicies {
  const policies = new Set<string>();
  let hasUnknownQualifier = false;
  const sequence = reader.sequence();
  sequence.list(maxPolicies, () => {
    const information = sequence.sequence();
    const policy = information.objectIdentifier();
    policies.add(policy);
    if (!information.isAtEnd) hasUnknownQualifier = readQualifiers(information.sequence()) || hasUnknownQualifier;
    information.end();
  });
  return { policies, hasUnknownQualifier };
}

/** @returns whether one is unknown */
function readQualifiers(qualifiers: DerReader): boolean {
  const kinds = qualifiers.list(maxQualifiers, () => {
    const qualifier = qualifiers.sequence();
    const kind = qualifier.objectIdentifier();
    qualifier.any();
    qualifier.end();
    return kind;
  });
  return kinds.some((kind) => kind !== Oid.cpsQualifier && kind !== Oid.userNoticeQualifier);
}

/** One pair of policyMappings (RFC 5280 §4.2.1.5): the CA holds the two policies to be the same. */
export interface PolicyMapping {
  readonly issuerDomainPolicy: string;
  readonly subjectDomainPolicy: string;
}

export function readPolicyMappings(reader: DerReader): readonly PolicyMapping[] {
  const sequence = reader.sequence();
  return sequence.list(maxMappings, () => {
    const pair = sequence.sequence();
    const mapping = { issuerDomainPolicy: pair.objectIdentifier(), subjectDomainPolicy: pair.objectIdentifier() };
    pair.end();
    return mapping;
  });
}

/** policyConstraints (RFC 5280 §4.2.1.11): after how many certificates each of the two begins to hold. */
export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | undefined;
  readonly inhibitPolicyMapping: number | undefined;
}

export function readPolicyConstraints(reader: DerReader): PolicyConstraints {
  const sequence = reader.sequence();
  const requireExplicitPolicy = readSkipCerts(sequence, 0);
  const inhibitPolicyMapping = readSkipCerts(sequence, 1);
  sequence.end();
  // The sequence must not be empty (RFC 5280 §4.2.1.11).
  if (requireExplicitPolicy === undefined && inhibitPolicyMapping === undefined)
    throw reader.fault('policyConstraints that constrain nothing');
  return { requireExplicitPolicy, inhibitPolicyMapping };
}

function readSkipCerts(sequence: DerReader, number: number): number | undefined {
  const tag = contextTag(number, false);
  return sequence.peek() === tag ? sequence.smallInteger(tag) : undefined;
}

/** Reads inhibitAnyPolicy (RFC 5280 §4.2.1.14), after how many certificates `anyPolicy` stands for nothing any more. */
export function readInhibitAnyPolicy(reader: DerReader): number {
  return reader.smallInteger();
}
