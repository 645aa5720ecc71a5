import { writeSync } from 'node:fs';
import { absentPackages } from './chosen-packages.ts';

/**
 * Says on the standard error that Node's TLS is not what runs, and which chosen packages are not there. `NODE_TLS_REGISTER=quiet` silences it; a program that reads the standard
 * error of its children may need that.
 * @param packages those that it is for; `undefined`: all
 */
export function announce(packages: readonly string[] | undefined): void {
  if (process.env['NODE_TLS_REGISTER'] === 'quiet') return;
  const whom = packages === undefined ? 'this process' : packages.join(', ');
  const absent = absentPackages(packages ?? []);
  const lines = [
    `@org/node-tls: node:tls, https and http2 are this package for ${whom}`,
    ...(absent.length === 0
      ? []
      : [`@org/node-tls: NODE_TLS_PACKAGES names what is not installed: ${absent.join(', ')}`]),
  ];
  try {
    writeSync(2, `${lines.join('\n')}\n`);
  } catch {
    // a closed standard error hears nothing, and the program goes on
  }
}
