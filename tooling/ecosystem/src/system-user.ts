import { readFile } from 'node:fs/promises';

/**
 * The ids of a user of this system.
 * @throws Error when there is no such user
 */
export async function userOf(name: string): Promise<{ readonly uid: number; readonly gid: number }> {
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((entry) => entry.startsWith(`${name}:`));
  if (line === undefined) throw new Error(`this system has no user ${name}`);
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}
