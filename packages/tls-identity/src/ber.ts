import { fromBER, type BaseBlock } from 'asn1js';
import { fault, typed } from './identity-fault.ts';

/** What a file may have at most. A certificate has some 1,500 bytes, a store of a whole PKI some 100 KB. */
const maxLength = 2 ** 20;

/**
 * Reads BER: tools write PKCS#12 in it, with indefinite lengths and strings in pieces (RFC 7292 §3).
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when it is none, longer than 1 MiB, nested too deeply, or something stands behind it
 */
export async function readBer(bytes: Uint8Array, what: string): Promise<BaseBlock> {
  if (bytes.length > maxLength) throw fault(`${what}: expected at most ${maxLength} bytes, got ${bytes.length}`);
  const { offset, result } = await typed(`${what} cannot be read`, () => fromBER(bytes));
  if (offset === -1) throw fault(`${what} cannot be read: ${result.error}`);
  if (offset !== bytes.length) throw fault(`${what}: ${bytes.length - offset} bytes stand behind its end`);
  return result;
}
