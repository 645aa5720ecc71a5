import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  Extension,
  ExtKeyUsage,
  GeneralName,
  GeneralNames,
  GeneralSubtree,
  NameConstraints,
} from 'pkijs';
import { BitString, OctetString } from 'asn1js';
import type { ExtendedKeyUsage, IssueOptions, KeyUsage, NameConstraintsOption } from './issue-options.ts';
import { ipAddressBytes, ipRangeBytes, isIpAddress } from './ip-address.ts';

/** Makes the extensions of a new certificate, in the order in which they are written. */
export function certificateExtensions(
  options: IssueOptions,
  subjectKeyId: Uint8Array,
  issuerKeyId: Uint8Array,
): Extension[] {
  const isCa = options.isCa ?? false;
  const keyUsage = options.keyUsage ?? (isCa ? ['keyCertSign', 'cRLSign'] : ['digitalSignature']);
  const purposes = options.extendedKeyUsage ?? (isCa ? [] : ['serverAuth', 'clientAuth']);
  const names = options.names ?? [];
  const extensions: Extension[] = [];
  if (options.omitBasicConstraints !== true) extensions.push(basicConstraints(isCa, options.pathLength));
  if (keyUsage.length > 0) extensions.push(keyUsageExtension(keyUsage));
  if (purposes.length > 0) extensions.push(extendedKeyUsage(purposes));
  if (names.length > 0) extensions.push(subjectAltName(names));
  if (options.nameConstraints !== undefined) extensions.push(nameConstraints(options.nameConstraints));
  extensions.push(subjectKeyIdentifier(subjectKeyId), authorityKeyIdentifier(issuerKeyId));
  for (const { oid, critical = false, value } of options.extensions ?? []) {
    extensions.push(new Extension({ extnID: oid, critical, extnValue: Uint8Array.from(value).buffer }));
  }
  return extensions;
}

interface Encodable {
  toBER(): ArrayBuffer;
}

function extension(extnID: string, critical: boolean, value: Encodable): Extension {
  return new Extension({ extnID, critical, extnValue: value.toBER() });
}

function basicConstraints(cA: boolean, pathLength: number | undefined): Extension {
  const value = new BasicConstraints(pathLength === undefined ? { cA } : { cA, pathLenConstraint: pathLength });
  return extension('2.5.29.19', true, value.toSchema());
}

/** Writes the bits of RFC 5280 §4.2.1.3 without trailing zero bits, as DER demands for named bit lists (X.690 §11.2.2). */
function keyUsageExtension(usages: readonly KeyUsage[]): Extension {
  const bits = usages.map((usage) => keyUsageBit[usage]);
  const last = Math.max(...bits);
  const bytes = new Uint8Array((last >> 3) + 1);
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return extension('2.5.29.15', true, new BitString({ valueHex: bytes.buffer, unusedBits: 7 - (last & 7) }));
}

function extendedKeyUsage(purposes: readonly ExtendedKeyUsage[]): Extension {
  const keyPurposes = purposes.map((purpose) => purposeOids.get(purpose) ?? purpose);
  return extension('2.5.29.37', false, new ExtKeyUsage({ keyPurposes }).toSchema());
}

function subjectAltName(names: readonly string[]): Extension {
  const general = names.map((name) =>
    isIpAddress(name) ? ipName(ipAddressBytes(name)) : new GeneralName({ type: dnsNameTag, value: name }),
  );
  return extension('2.5.29.17', false, new GeneralNames({ names: general }).toSchema());
}

function nameConstraints(option: NameConstraintsOption): Extension {
  const permittedSubtrees = (option.permitted ?? []).map(subtree);
  const excludedSubtrees = (option.excluded ?? []).map(subtree);
  const value = new NameConstraints({
    ...(permittedSubtrees.length > 0 && { permittedSubtrees }),
    ...(excludedSubtrees.length > 0 && { excludedSubtrees }),
  });
  return extension('2.5.29.30', true, value.toSchema());
}

function subtree(constraint: string): GeneralSubtree {
  const base = constraint.includes('/')
    ? ipName(ipRangeBytes(constraint))
    : new GeneralName({ type: dnsNameTag, value: constraint });
  return new GeneralSubtree({ base });
}

function ipName(bytes: Uint8Array): GeneralName {
  return new GeneralName({ type: ipAddressTag, value: new OctetString({ valueHex: Uint8Array.from(bytes).buffer }) });
}

function subjectKeyIdentifier(keyId: Uint8Array): Extension {
  return extension('2.5.29.14', false, new OctetString({ valueHex: Uint8Array.from(keyId).buffer }));
}

function authorityKeyIdentifier(keyId: Uint8Array): Extension {
  const keyIdentifier = new OctetString({ valueHex: Uint8Array.from(keyId).buffer });
  return extension('2.5.29.35', false, new AuthorityKeyIdentifier({ keyIdentifier }).toSchema());
}

const dnsNameTag = 2;
const ipAddressTag = 7;

const keyUsageBit: Readonly<Record<KeyUsage, number>> = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  dataEncipherment: 3,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
  encipherOnly: 7,
  decipherOnly: 8,
};

const purposeOids: ReadonlyMap<string, string> = new Map([
  ['serverAuth', '1.3.6.1.5.5.7.3.1'],
  ['clientAuth', '1.3.6.1.5.5.7.3.2'],
  ['codeSigning', '1.3.6.1.5.5.7.3.3'],
  ['emailProtection', '1.3.6.1.5.5.7.3.4'],
  ['OCSPSigning', '1.3.6.1.5.5.7.3.9'],
  ['anyExtendedKeyUsage', '2.5.29.37.0'],
]);
