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

/** Where a BEGIN or an END stands, with what is behind it in its line. Each match ends with its line, so that no character is read twice. */
const markers = /-----(BEGIN|END) ([^\r\n]*)/gu;
/** The rest of a line with a BEGIN or an END (RFC 7468 §3). */
const labelOfMarker = /^([!-,.-~](?:[ -]?[!-,.-~])*)-----[ \t]*$/u;
/** RFC 1421 §4.6.1.1 and §4.6.1.3, in the one form that is met with; the key's bytes come after an empty line. */
const encryptionHeaders =
  /^Proc-Type: ?4,ENCRYPTED[ \t]*(?:\r\n?|\n)[ \t]*DEK-Info: ?([^\r\n]{1,100}?)[ \t]*(?:\r\n?|\n)[ \t]*(?:\r\n?|\n)/u;

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
  let begun: Marker | undefined;
  for (const marker of markersIn(text, option)) {
    if (marker.isBegin === (begun !== undefined)) throw bad(option, unpaired);
    if (begun === undefined) {
      begun = marker;
      continue;
    }
    if (begun.label !== marker.label) throw bad(option, `PEM: BEGIN ${begun.label} ends with END ${marker.label}`);
    blocks.push(readBlock(begun.label, text.slice(begun.to, marker.from), option, takesEncrypted));
    begun = undefined;
  }
  if (begun !== undefined) throw bad(option, unpaired);
  return blocks;
}

const unpaired =
  'PEM: a BEGIN without its END, or an END without its BEGIN; nothing but white space may stand beside them in their lines';

/** A line with a BEGIN or an END and nothing else. */
interface Marker {
  readonly isBegin: boolean;
  readonly label: string;
  readonly from: number;
  /** Where the line ends. */
  readonly to: number;
}

/**
 * Finds the lines that begin and end blocks. They may be indented (RFC 7468 §3, laxtextualmsg), as text in programs and in YAML is. A marker
 * behind other text belongs to an explanation.
 */
function* markersIn(text: string, option: PemOption): Generator<Marker> {
  for (const { 0: all, 1: kind, 2: rest = '', index } of text.matchAll(markers)) {
    if (kind === 'BEGIN' && rest.includes('-----END ')) throw bad(option, lostLineBreaks);
    if (!isFirstInLine(text, index)) continue;
    const [, label] = labelOfMarker.exec(rest) ?? [];
    if (label === undefined) throw bad(option, rest.includes('-----') ? lostLineBreaks : unpaired);
    yield { isBegin: kind === 'BEGIN', label, from: index, to: index + all.length };
  }
}

function isFirstInLine(text: string, index: number): boolean {
  for (let at = index - 1; at >= 0; at -= 1) {
    const character = text.charAt(at);
    if (character === '\n' || character === '\r' || character === '\uFEFF') return true;
    if (character !== ' ' && character !== '\t') return false;
  }
  return true;
}

function readBlock(label: string, body: string, option: PemOption, takesEncrypted: boolean): PemBlock {
  const contents = body.trimStart();
  const headers = encryptionHeaders.exec(contents);
  if (headers === null) return { label, der: decodeBody(contents, label, option) };
  if (!takesEncrypted) throw bad(option, `PEM: the ${label} is encrypted; ${decryptHint}`);
  const [all, dekInfo = ''] = headers;
  return { label, der: decodeBody(contents.slice(all.length), label, option), dekInfo };
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
  if (key === undefined || keys.length > 1) {
    const hint = looksLikePem(text) ? '' : `; the text is ${kindOfText(text)}`;
    throw bad('identity', `PEM: expected one block with a private key, got ${keys.length}${hint}`);
  }
  if (key.label === 'ENCRYPTED PRIVATE KEY' && !takesEncrypted)
    throw bad('identity', `PEM: the private key is encrypted; ${decryptHint}`);
  return key;
}

/** Says what text without PEM may be, without showing it: it may be a secret. */
export function kindOfText(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return 'empty';
  if (trimmed.startsWith(base64OfPem)) return 'Base64 of PEM, which has to be decoded first';
  if (trimmed.startsWith('{')) return 'a JWK, or other JSON';
  if (trimmed.startsWith('MI') && decodeBase64(trimmed) !== undefined)
    return 'Base64 without its BEGIN and END, each on a line of its own';
  const isPath =
    trimmed.length < 4096 && !/[\r\n]/u.test(trimmed) && /[\\/]|\.(?:pem|crt|cer|key|p12|pfx|jks)$/iu.test(trimmed);
  return isPath ? 'a path, where the contents of the file, or a URL of it, must be' : 'something else';
}

/** What `-----BEGIN` is in Base64, in which CI keeps files. */
const base64OfPem = 'LS0tLS1CRUdJT';

const lostLineBreaks =
  'PEM: its line breaks are lost, as happens in environment variables: each BEGIN and END has to stand on a line of its own, e.g. by replacing \\n with line feeds';

/** What to do with an encrypted key where only plain ones are taken. */
export const decryptHint =
  'give its `passphrase` beside it, read it with @org/tls-identity, or decrypt it first, e.g. with `openssl pkey -in key.pem -out plain.pem`';

function decodeBody(body: string, label: string, option: PemOption): Uint8Array {
  const der = decodeBase64(body);
  if (der === undefined || der.length === 0) throw bad(option, `PEM: the ${label} is not base64`);
  return der;
}

/** Decodes base64 (RFC 4648 §4) with white space anywhere; gives `undefined` where the text is something else. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const binary = binaryOf(text);
  // The platform takes a form feed, and an end without padding, too.
  if (binary === undefined || text.includes('\f')) return undefined;
  if (/=[ \t\r\n]*$/u.test(text) !== (binary.length % 3 !== 0)) return undefined;
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** A regular expression with a group that is repeated has no room for the millions of digits of a revocation list. */
function binaryOf(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined;
  }
}

/** RFC 7468 §5.3: the latter two are old names of the same. */
const certificateLabels: readonly string[] = ['CERTIFICATE', 'X509 CERTIFICATE', 'X.509 CERTIFICATE'];

function bad(option: PemOption, message: string): TlsError {
  return new TlsError(option === 'identity' ? 'ERR_TLS_IDENTITY' : 'ERR_TLS_CONFIG', `${option}: ${message}`, {
    option,
  });
}
