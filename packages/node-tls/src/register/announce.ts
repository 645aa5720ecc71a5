import { writeSync } from 'node:fs';

/**
 * Says on the standard error that Node's TLS is not what runs. `NODE_TLS_REGISTER=quiet` silences it; a program that reads the standard
 * error of its children may need that.
 */
export function announce(): void {
  if (process.env['NODE_TLS_REGISTER'] === 'quiet') return;
  try {
    writeSync(2, '@org/node-tls: node:tls is this package in this process\n');
  } catch {
    // a closed standard error hears nothing, and the program goes on
  }
}
