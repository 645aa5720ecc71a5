import { access, readFile, rm, writeFile } from 'node:fs/promises';
import { loadCa, type TestCertificate } from '@org/pki';
import { UsageError } from './exit-code.ts';

/**
 * Reads a CA's certificate with its chain, `FILE.pem`, and its key, `FILE.key`.
 * @param file the files' name without the ending
 * @throws UsageError when one cannot be read, they do not belong together, or the CA may not issue
 */
export function readCa(file: string): Promise<TestCertificate> {
  return usable(file, async () => loadCa(await readFile(`${file}.pem`, 'utf8'), await readFile(`${file}.key`, 'utf8')));
}

/** Writes a file that is not there, or in the place of one that is. No link is followed. */
export async function writeAnew(file: string, text: string, mode: number): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, text, { flag: 'wx', mode });
}

export function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Turns what fails on files that the user named into a fault of the arguments. */
export async function usable<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
