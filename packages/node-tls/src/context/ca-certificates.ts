import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { nodeTruth } from './node-truth.ts';
import { certificateBlocks, pemText, type PemInput } from './pem-input.ts';

/** Which certificates `getCACertificates` is asked for. */
export type CaCertificatesType = 'default' | 'bundled' | 'system' | 'extra';

let isReplaced = false;
let replaced: readonly string[] | undefined;
let bundledAndExtra: readonly string[] | undefined;
let extra: readonly string[] | undefined;

/** Mozilla's list as Node bundles it, PEM. */
export const rootCertificates: readonly string[] = nodeTruth.rootCertificates;

/**
 * Gives certificates in PEM, as Node's function of this name, which Node has from 22.15 on.
 * @throws TypeError with Node's code on another type; `ERR_FEATURE_UNAVAILABLE_ON_PLATFORM` for `system` where this Node cannot read it
 */
export function getCACertificates(type: CaCertificatesType = 'default'): readonly string[] {
  if (type === 'default' && replaced !== undefined) return replaced;
  if (nodeTruth.getCACertificates !== undefined) return nodeTruth.getCACertificates(type);
  switch (type) {
    case 'bundled':
      return rootCertificates;
    case 'extra':
      return extraCertificates();
    case 'default':
      return (bundledAndExtra ??= Object.freeze([...rootCertificates, ...extraCertificates()]));
    case 'system':
      throw withCode(new TypeError("tls.getCACertificates('system') needs Node 22.15 or newer"), unavailable);
    default:
      throw wrongType(type);
  }
}

const unavailable = 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM';

function wrongType(type: unknown): TypeError {
  return typeof type === 'string'
    ? withCode(new TypeError(`The argument 'type' is invalid. Received '${type}'`), 'ERR_INVALID_ARG_VALUE')
    : withCode(
        new TypeError(`The "type" argument must be of type string. Received ${typeof type}`),
        'ERR_INVALID_ARG_TYPE',
      );
}

function withCode<E extends Error>(error: E, code: string): E {
  return Object.assign(error, { code });
}

/**
 * Replaces what contexts without `ca` trust from now on, here and, where this Node has the function, in Node.
 * @param certificates PEM, each one certificate
 * @throws Error with Node's code on what is no certificate; nothing is replaced then
 */
export function setDefaultCACertificates(certificates: readonly PemInput[]): void {
  if (nodeTruth.setDefaultCACertificates !== undefined) {
    nodeTruth.setDefaultCACertificates(certificates);
    isReplaced = true;
    return;
  }
  if (!Array.isArray(certificates))
    throw withCode(new TypeError('The "certs" argument must be an instance of Array'), 'ERR_INVALID_ARG_TYPE');
  const texts = certificates.map((each) => new X509Certificate(pemText(each)).toString());
  replaced = Object.freeze([...new Set(texts)]);
  isReplaced = true;
}

/** Whether a program has called `setDefaultCACertificates`, here or in Node. */
export function hasReplacedDefaults(): boolean {
  return isReplaced;
}

/** DER: what contexts trust that name no authorities. */
export function defaultAuthorities(): readonly Uint8Array[] {
  const pem = getCACertificates('default');
  if (lastRead?.pem !== pem) lastRead = { pem, der: pem.flatMap(certificateBlocks) };
  return lastRead.der;
}

/** What was read last: while nothing changes, the list is the same object. */
let lastRead: { readonly pem: readonly string[]; readonly der: readonly Uint8Array[] } | undefined;

function extraCertificates(): readonly string[] {
  return (extra ??= Object.freeze(readExtraCertificates()));
}

/** Reads NODE_EXTRA_CA_CERTS; a file that cannot be read is none, as in Node, which warns of it. */
function readExtraCertificates(): readonly string[] {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  if (file === undefined || file === '') return [];
  try {
    return certificateBlocks(readFileSync(file, 'latin1')).map((der) => new X509Certificate(der).toString());
  } catch {
    return [];
  }
}
