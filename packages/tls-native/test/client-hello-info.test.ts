import { describe, expect, it } from 'vitest';
import { AskedClientHello } from '../src/border/client-hello-info.ts';

/** A ClientHello with a server_name (RFC 6066 §3) that has this one host name. */
function asking(name: string): AskedClientHello {
  const bytes = Buffer.from(name, 'latin1');
  const entry = [0, bytes.length >> 8, bytes.length & 0xff, ...bytes];
  const serverName = Uint8Array.of(0, 0, entry.length >> 8, entry.length & 0xff, ...entry);
  return new AskedClientHello({
    kind: 'clientHello',
    cipherSuites: [Uint8Array.of(0x13, 1)],
    extensions: [serverName],
  });
}

describe('the server_name of a ClientHello that a platform does not judge', () => {
  it.each(['../../etc/passwd', 'x.', '*', 'x\0', '127.1', 'a b', `${'a'.repeat(64)}.test`])(
    'RFC 6066 §3 %j is no host name, and aborts with illegal_parameter',
    (name) => {
      expect(() => asking(name).checkServerName()).toThrow(
        expect.objectContaining({ code: 'ERR_TLS_ILLEGAL_PARAMETER', alert: 47 }),
      );
    },
  );

  it.each(['localhost', 'LocalHost', 'stack_web', '127.0.0.1', '::1'])('%j passes', (name) => {
    expect(() => asking(name).checkServerName()).not.toThrow();
  });

  it('may be missing', () => {
    const hello = new AskedClientHello({ kind: 'clientHello', cipherSuites: [], extensions: [] });
    expect(() => hello.checkServerName()).not.toThrow();
  });
});
