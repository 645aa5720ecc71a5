import { TlsError } from './tls-error.ts';

/** One encapsulated text (RFC 7468 §2). */
export interface PemBlock {
  /** What stands after BEGIN, e.g. `CERTIFICATE`. */
  readonly label: string;
  readonly der: Uint8Array;
  /** How `der` is encrypted: the value of a `DEK-Info` header (RFC 1421 §4.6.1.3). Only where `takesEncrypted` asked for it. */
  readonly dekInfo?: string;
}

/** The option of a configuration that the text is in, and whose fault it is when it is bad. */
type PemOption = 'identity' | 'trust' | 'revocation';

const encapsulated =
  /^-----BEGIN ([!-,.-~](?:[ -]?[!-,.-~])*)-----[ \t]*\r?\n([\s\S]*?)^-----END ([!-,.-~](?:[ -]?[!-,.-~])*)-----[ \t]*$/gmu;
/** RFC 1421 §4.6.1.1 and §4.6.1.3, in the one form that is met with; the key's bytes come after an empty line. */
const encryptionHeaders = /^Proc-Type: ?4,ENCRYPTED[ \t]*\r?\nDEK-Info: ?([^\r\n]{1,100}?)[ \t]*\r?\n[ \t]*\r?\n/u;
/** A block without line breaks. */
const onOneLine = /-----BEGIN [^\r\n]*-----END /u;
const marker = /^-----(?:BEGIN|END) /gmu;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;

/** Whether the text has a PEM block in it at all. */
export function looksLikePem(text: string): boolean {
  return text.includes('-----BEGIN ');
}

/**
 * The blocks of a PEM text, in order. What stands before, between and after them is explanatory and ignored (RFC 7468 §5.2).
 * @param option what the text is for
 * @param takesEncrypted also gives blocks that are encrypted in the manner of RFC 1421, with their `dekInfo`
 * @throws TlsError `ERR_TLS_IDENTITY` for an identity, `ERR_TLS_CONFIG` for others: on a block without an end, with differing labels, with
 *   headers, or with bad base64
 */
export function decodePem(text: string, option: PemOption, takesEncrypted = false): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  for (const [, label = '', body = '', endLabel = ''] of text.matchAll(encapsulated)) {
    if (label !== endLabel) throw bad(option, `PEM: BEGIN ${label} ends with END ${endLabel}`);
    const headers = encryptionHeaders.exec(body);
    if (headers === null) {
      blocks.push({ label, der: decodeBase64(body, label, option) });
      continue;
    }
    if (!takesEncrypted) throw bad(option, `PEM: the ${label} is encrypted; ${decryptHint}`);
    const [all, dekInfo = ''] = headers;
    blocks.push({ label, der: decodeBase64(body.slice(all.length), label, option), dekInfo });
  }
  if (onOneLine.test(text)) throw bad(option, lostLineBreaks);
  if ((text.match(marker)?.length ?? 0) !== 2 * blocks.length) {
    throw bad(option, 'PEM: a BEGIN without its END, or an END without its BEGIN');
  }
  return blocks;
}

/**
 * The certificates (DER) in PEM text, in order. TRUSTED CERTIFICATE is another thing (OpenSSL's own).
 * @throws TlsError as `decodePem`
 */
export function certificatesInPem(text: string, option: PemOption): readonly Uint8Array[] {
  return decodePem(text, option, true)
    .filter(({ label }) => certificateLabels.includes(label))
    .map(({ der }) => der);
}

/**
 * The one private key in PEM text, in whatever form its label names.
 * @param takesEncrypted also gives an encrypted one: of label `ENCRYPTED PRIVATE KEY` (RFC 5958 §3), or with `dekInfo`
 * @throws TlsError `ERR_TLS_IDENTITY` as `decodePem`, when there is none or more than one, or it is encrypted
 */
export function privateKeyInPem(text: string, takesEncrypted = false): PemBlock {
  const keys = decodePem(text, 'identity', takesEncrypted).filter(({ label }) => label.endsWith('PRIVATE KEY'));
  const [key] = keys;
  if (key === undefined || keys.length > 1)
    throw bad('identity', `PEM: expected one block with a private key, got ${keys.length}`);
  if (key.label === 'ENCRYPTED PRIVATE KEY' && !takesEncrypted)
    throw bad('identity', `PEM: the private key is encrypted; ${decryptHint}`);
  return key;
}

const lostLineBreaks =
  'PEM: its line breaks are lost, as happens in environment variables: each BEGIN and END has to stand on a line of its own, e.g. by replacing \\n with line feeds';

/** What to do with an encrypted key where only plain ones are taken. */
export const decryptHint =
  'read it with @org/tls-identity, or decrypt it first, e.g. with `openssl pkey -in key.pem -out plain.pem`';

function decodeBase64(body: string, label: string, option: PemOption): Uint8Array {
  const text = body.replaceAll(/[ \t\r\n]/gu, '');
  if (text === '' || !base64.test(text)) throw bad(option, `PEM: the ${label} is not base64`);
  const binary = atob(text);
  const der = new Uint8Array(binary.length);
  for (let index = 0; index < der.length; index += 1) der[index] = binary.charCodeAt(index);
  return der;
}

/** RFC 7468 §5.3: the latter two are old names of the same. */
const certificateLabels: readonly string[] = ['CERTIFICATE', 'X509 CERTIFICATE', 'X.509 CERTIFICATE'];

function bad(option: PemOption, message: string): TlsError {
  return new TlsError(option === 'identity' ? 'ERR_TLS_IDENTITY' : 'ERR_TLS_CONFIG', `${option}: ${message}`, {
    option,
  });
}
