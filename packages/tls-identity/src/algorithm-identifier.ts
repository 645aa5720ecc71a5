import { DerTag, type DerReader } from '@org/tls-crypto/der';

/** An AlgorithmIdentifier (RFC 5280 §4.1.1.2), of which whoever knows the algorithm reads the parameters. */
export interface AlgorithmIdentifier {
  readonly oid: string;
  /** Reads the parameters, of which there may be none. */
  readonly parameters: DerReader;
}

export function readAlgorithm(reader: DerReader): AlgorithmIdentifier {
  const parameters = reader.sequence('AlgorithmIdentifier');
  return { oid: parameters.objectIdentifier(), parameters };
}

/** Reads an AlgorithmIdentifier whose parameters are NULL or absent, and gives its object identifier. */
export function readBareAlgorithm(reader: DerReader): string {
  const { oid, parameters } = readAlgorithm(reader);
  if (parameters.peek() === DerTag.null) parameters.null();
  parameters.end();
  return oid;
}

/** Gives the name of an algorithm that is known and not supported, or its object identifier. */
export function nameOfAlgorithm(oid: string): string {
  const name = names[oid];
  return name === undefined ? oid : `${name} (${oid})`;
}

/** The algorithms that tools offer besides those that are read, by the names that OpenSSL has for them. */
const names: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.12.1.1': 'PBE-SHA1-RC4-128',
  '1.2.840.113549.1.12.1.2': 'PBE-SHA1-RC4-40',
  '1.2.840.113549.1.5.1': 'PBE-MD2-DES',
  '1.2.840.113549.1.5.4': 'PBE-MD2-RC2-64',
  '1.2.840.113549.3.4': 'RC4',
  '1.2.840.113549.3.9': 'RC5-CBC',
  '1.2.392.200011.61.1.1.1.2': 'CAMELLIA-128-CBC',
  '1.2.392.200011.61.1.1.1.3': 'CAMELLIA-192-CBC',
  '1.2.392.200011.61.1.1.1.4': 'CAMELLIA-256-CBC',
  '1.2.410.200046.1.1.2': 'ARIA-128-CBC',
  '1.2.410.200046.1.1.7': 'ARIA-192-CBC',
  '1.2.410.200046.1.1.12': 'ARIA-256-CBC',
  '1.2.410.200004.1.4': 'SEED-CBC',
  '1.2.643.2.2.21': 'GOST 28147-89',
  '1.3.6.1.4.1.188.7.1.1.2': 'IDEA-CBC',
  '1.3.6.1.4.1.3029.1.2': 'BF-CBC',
  '2.16.840.1.101.3.4.1.6': 'AES-128-GCM',
  '2.16.840.1.101.3.4.1.26': 'AES-192-GCM',
  '2.16.840.1.101.3.4.1.46': 'AES-256-GCM',
  '1.2.840.113549.2.8': 'HMAC with SHA-224',
  '1.2.840.113549.2.12': 'HMAC with SHA-512/224',
  '1.2.840.113549.2.13': 'HMAC with SHA-512/256',
  '2.16.840.1.101.3.4.2.13': 'HMAC with SHA3-224',
  '2.16.840.1.101.3.4.2.14': 'HMAC with SHA3-256',
  '2.16.840.1.101.3.4.2.15': 'HMAC with SHA3-384',
  '2.16.840.1.101.3.4.2.16': 'HMAC with SHA3-512',
  '2.16.840.1.101.3.4.2.7': 'SHA3-224',
  '2.16.840.1.101.3.4.2.8': 'SHA3-256',
  '2.16.840.1.101.3.4.2.9': 'SHA3-384',
  '2.16.840.1.101.3.4.2.10': 'SHA3-512',
  '1.3.36.3.2.1': 'RIPEMD-160',
  '1.2.156.10197.1.401': 'SM3',
  '1.2.643.7.1.1.2.2': 'GOST R 34.11-2012',
};
