import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { TlsError } from '../tls-error.ts';

/** A pipe is opened without waiting for its other end, so that it can be refused. Windows has no such flag, and no such pipes. */
const flags = constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK);

/**
 * Reads a file that has a known size, and never more than that.
 * @returns `undefined` when it has another size by now
 * @throws (rejects with) an error of node:fs; TlsError `ERR_TLS_CONFIG` when it is no file
 */
export async function wholeFile(path: string, size: number): Promise<Uint8Array | undefined> {
  const handle = await open(path, flags);
  try {
    if (!(await handle.stat()).isFile()) throw noFile(path);
    const bytes = new Uint8Array(size);
    for (let length = 0; length < size;) {
      // oxlint-disable-next-line no-await-in-loop -- each read begins where the last one has ended
      const { bytesRead } = await handle.read(bytes, length, size - length, null);
      if (bytesRead === 0) return undefined;
      length += bytesRead;
    }
    const { bytesRead: surplus } = await handle.read(new Uint8Array(1), 0, 1, null);
    return surplus === 0 ? bytes : undefined;
  } finally {
    await handle.close();
  }
}

export function noFile(path: string): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `${path} is neither a file nor a folder`);
}
