import { writeSync } from 'node:fs';

/**
 * Says on the standard error that Node's TLS is not what runs. `NODE_TLS_REGISTER=quiet` silences it; a program that reads the standard
 * error of its children may need that.
 * @param packages those that it is for; `undefined`: all
 */
export function announce(packages: readonly string[] | undefined): void {
  if (process.env['NODE_TLS_REGISTER'] === 'quiet') return;
  const whom = packages === undefined ? 'this process' : packages.join(', ');
  try {
    writeSync(2, `@org/node-tls: node:tls, https and http2 are this package for ${whom}\n`);
  } catch {
    // a closed standard error hears nothing, and the program goes on
  }
}
