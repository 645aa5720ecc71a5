import { X509Certificate } from 'node:crypto';
import type { ConnectionInfo } from '@org/tls-core';
import { printable } from './report-failure.ts';

/** What people want to know about a certificate. */
export interface CertificateReport {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  readonly serialNumber: string;
  readonly publicKey: string;
  readonly sha256Fingerprint: string;
}

/** How a connection is secured, for programs. */
export interface SecurityReport {
  readonly backend: string;
  readonly implementation: string;
  readonly protocol: string;
  readonly cipherSuite: string;
  readonly group: string | undefined;
  readonly signatureScheme: string | undefined;
  readonly alpnProtocol: string | undefined;
  readonly serverName: string | undefined;
  readonly resumed: boolean;
  /** The certificates, leaf first, as the peer sent them. */
  readonly certificates: readonly CertificateReport[];
}

export function reportSecurity(info: ConnectionInfo): SecurityReport {
  const { backend, implementation, protocol, cipherSuite, group, signatureScheme, alpnProtocol, serverName, resumed } =
    info;
  return {
    backend,
    implementation,
    protocol,
    cipherSuite,
    group,
    signatureScheme,
    alpnProtocol,
    serverName,
    resumed,
    certificates: reportChain(info.peer?.chain ?? []),
  };
}

/** Describes a chain, and leaves out certificates that Node cannot read, because the chain may come from anyone. */
export function reportChain(chain: readonly Uint8Array[]): readonly CertificateReport[] {
  return chain.flatMap((der) => {
    try {
      return [reportCertificate(new X509Certificate(der))];
    } catch {
      return [];
    }
  });
}

/** Gives the lines that describe a connection to people. */
export function securityLines(report: SecurityReport): readonly string[] {
  const { group, signatureScheme, alpnProtocol } = report;
  const parameters = [report.protocol, report.cipherSuite, group, signatureScheme].filter((part) => part !== undefined);
  return [
    `secured by ${report.backend} (${report.implementation})${report.resumed ? ', resumed' : ''}`,
    parameters.join(', '),
    `ALPN: ${alpnProtocol === undefined ? 'none' : printable(alpnProtocol)}`,
    ...report.certificates.slice(0, 1).flatMap(certificateLines),
  ];
}

export function certificateLines(certificate: CertificateReport): readonly string[] {
  const { subject, issuer, names, notBefore, notAfter, publicKey, sha256Fingerprint } = certificate;
  return [
    `subject: ${printable(subject)}`,
    `  issuer: ${printable(issuer)}`,
    ...(names.length === 0 ? [] : [`  names: ${printable(names.join(', '))}`]),
    `  valid: ${notBefore} to ${notAfter}`,
    `  key: ${publicKey}`,
    `  SHA-256: ${sha256Fingerprint}`,
  ];
}

function reportCertificate(certificate: X509Certificate): CertificateReport {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: certificate.subjectAltName?.split(', ').map((name) => name.replace(/^(DNS|IP Address):/, '')) ?? [],
    notBefore: isoDate(certificate.validFrom),
    notAfter: isoDate(certificate.validTo),
    serialNumber: certificate.serialNumber,
    publicKey: publicKeyOf(certificate),
    sha256Fingerprint: certificate.fingerprint256,
  };
}

function publicKeyOf(certificate: X509Certificate): string {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
    const size = asymmetricKeyDetails?.namedCurve ?? asymmetricKeyDetails?.modulusLength;
    return [asymmetricKeyType ?? 'unknown', size].filter((part) => part !== undefined).join(' ');
  } catch {
    return 'unknown';
  }
}

/** Joins the parts of a name, which Node separates by newlines. */
function oneLine(name: string): string {
  return name === '' ? '(empty)' : name.replaceAll('\n', ', ');
}

function isoDate(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? text : new Date(time).toISOString().replace('.000', '');
}
