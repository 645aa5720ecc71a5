import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import { Duplex } from 'node:stream';
import tls from 'node:tls';

/**
 * Node's own modules as they were before `register` put ours in their place. Whatever of this package needs one takes it from here, since an
 * import of `node:tls` would give this package itself.
 */
export const builtin: Builtin = Object.freeze({
  Duplex,
  http2: Object.freeze({ ...http2 }),
  https: Object.freeze({ ...https }),
  net,
  tls: Object.freeze({ ...tls }),
});

/** It names Node's modules and not their members, since a program's `@types/node` may have others than ours. */
interface Builtin {
  readonly Duplex: typeof Duplex;
  readonly http2: Readonly<typeof http2>;
  readonly https: Readonly<typeof https>;
  readonly net: typeof net;
  readonly tls: Readonly<typeof tls>;
}

/** What programs change in `node:tls`, e.g. `tls.DEFAULT_MIN_VERSION`, is read here each time. */
export const liveTls: typeof tls = tls;
