import { TlsError } from '@org/tls-core';

/** One encapsulated text (RFC 7468 §2). */
export interface PemBlock {
  /** What stands after BEGIN, e.g. `CERTIFICATE`. */
  readonly label: string;
  readonly der: Uint8Array;
}

const encapsulated =
  /^-----BEGIN ([!-,.-~](?:[ -]?[!-,.-~])*)-----[ \t]*\r?\n([\s\S]*?)^-----END ([!-,.-~](?:[ -]?[!-,.-~])*)-----[ \t]*$/gmu;
const marker = /^-----(?:BEGIN|END) /gmu;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;

/** Whether the text has a PEM block in it at all. */
export function looksLikePem(text: string): boolean {
  return text.includes('-----BEGIN ');
}

/**
 * The blocks of a PEM text, in order. What stands before, between and after them is explanatory and ignored (RFC 7468 §5.2).
 * @param code what a fault is thrown as
 * @throws TlsError `code` on a block without an end, with differing labels, with headers, or with bad base64
 */
export function decodePem(text: string, code: 'ERR_TLS_IDENTITY' | 'ERR_TLS_CONFIG'): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  for (const [, label = '', body = '', endLabel = ''] of text.matchAll(encapsulated)) {
    if (label !== endLabel) throw new TlsError(code, `PEM: BEGIN ${label} ends with END ${endLabel}`);
    if (/^Proc-Type:.*ENCRYPTED/mu.test(body)) {
      throw new TlsError(
        code,
        `PEM: the ${label} is encrypted; decrypt it first, e.g. with \`openssl pkey -in key.pem -out plain.pem\``,
      );
    }
    blocks.push({ label, der: decodeBase64(body, label, code) });
  }
  if ((text.match(marker)?.length ?? 0) !== 2 * blocks.length) {
    throw new TlsError(code, 'PEM: a BEGIN without its END, or an END without its BEGIN');
  }
  return blocks;
}

function decodeBase64(body: string, label: string, code: 'ERR_TLS_IDENTITY' | 'ERR_TLS_CONFIG'): Uint8Array {
  const text = body.replaceAll(/[ \t\r\n]/gu, '');
  if (text === '' || !base64.test(text)) throw new TlsError(code, `PEM: the ${label} is not base64`);
  const binary = atob(text);
  const der = new Uint8Array(binary.length);
  for (let index = 0; index < der.length; index += 1) der[index] = binary.charCodeAt(index);
  return der;
}
