import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Starts a registry on loopback, at a port that the system chooses, with one user who may publish.
 * @param storage a folder for what it holds; it is made when it is not there
 * @param uplink the address of the registry that has everybody else's packages; ours are never asked there
 * @returns url (ends with a slash), token (of the user), and close, which may be called twice
 */
export async function startRegistry(storage, uplink) {
  mkdirSync(storage, { recursive: true });
  const child = fork(fileURLToPath(new URL('registry-process.mjs', import.meta.url)), [storage, uplink], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const close = async () => {
    if (child.connected) child.disconnect();
    await ended;
  };
  const started = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
  if (started === undefined) throw new Error('the registry ended before it listened');
  const url = `http://127.0.0.1:${started[0]}/`;
  try {
    return { url, token: await addUser(url), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function addUser(url) {
  const name = 'release';
  const response = await fetch(`${url}-/user/org.couchdb.user:${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password: crypto.randomUUID() }),
  });
  if (response.status !== 201)
    throw new Error(`the registry takes no user: ${response.status} ${await response.text()}`);
  return (await response.json()).token;
}
