// Is preloaded into each process of undici's tests: it puts the connector of UNDICI_SUITE_BY into undici, and counts what is secured.

import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connectorInPlaceOf, type BuildConnector } from './connector.ts';

const require = createRequire(import.meta.url);
const file = require.resolve('undici/lib/core/connect.js');
const build = require(file) as BuildConnector;
const tally = process.env['UNDICI_SUITE_TALLY'];
/** It is written down at once: a process that hangs is ended without a word. */
const count = (): void => {
  if (tally !== undefined) appendFileSync(tally, 'a connection\n');
};

const loaded = require.cache[file];
if (loaded === undefined) throw new Error(`${file}: expected to find it loaded`);
loaded.exports = process.env['UNDICI_SUITE_BY'] === 'connector' ? connectorInPlaceOf(build, count) : counted(build);

/** undici's own connector, whose TLS is that of the `node:tls` that undici finds. */
function counted(buildOwn: BuildConnector): BuildConnector {
  return (options) => {
    const connect = buildOwn(options);
    return (target, done) => {
      if (target.protocol === 'https:') count();
      return connect(target, done);
    };
  };
}
