import { fromBER, type BaseBlock } from 'asn1js';
import { fault, typed } from './identity-fault.ts';

/** The longest file that is read, in bytes. A certificate has some 1,500, a store of a whole PKI some 100,000. */
const maxLength = 2 ** 20;

/**
 * Reads BER, because tools write PKCS#12 in it, with indefinite lengths and with strings in pieces (RFC 7292 §3).
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when the bytes are no BER, longer than 1 MiB or nested too deeply, or when something
 *   stands behind it
 */
export async function readBer(bytes: Uint8Array, what: string): Promise<BaseBlock> {
  if (bytes.length > maxLength) throw fault(`${what}: expected at most ${maxLength} bytes, got ${bytes.length}`);
  const { offset, result } = await typed(`${what} cannot be read`, () => fromBER(bytes));
  if (offset === -1) throw fault(`${what} cannot be read: ${result.error}`);
  if (offset !== bytes.length) throw fault(`${what}: ${bytes.length - offset} bytes stand behind its end`);
  return result;
}
