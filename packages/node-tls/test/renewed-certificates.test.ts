import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { watchFiles, type FileContents } from '@org/tls-core/files';
import { connect, createSecureContext, createServer } from '../src/index.ts';
import { backends, close, listen, root } from './support.ts';

/** Reads a chain and its key as the options of node:tls, which refuses a key of another certificate. */
function readPair([cert, key]: readonly FileContents[]): { readonly cert: Buffer; readonly key: Buffer } {
  const options = { cert: Buffer.from(cert?.bytes ?? []), key: Buffer.from(key?.bytes ?? []) };
  createSecureContext(options);
  return options;
}

test.each(backends)(
  'a server over %s that is given watched files shows the renewed certificate, and stays where the key is another’s',
  async (_name, backend) => {
    const folder = mkdtempSync(join(tmpdir(), 'node-tls-'));
    const paths = ['chain.pem', 'key.pem'].map((name) => join(folder, name));
    const write = (texts: readonly string[]): void => {
      for (const [index, path] of paths.entries()) writeFileSync(path, texts[index] ?? '');
    };
    const [first, second] = await Promise.all([1, 2].map(async () => root.issue({ names: ['localhost'] })));
    write([first?.chainPem ?? '', first?.privateKeyPem ?? '']);
    const watched = await watchFiles({
      paths,
      read: readPair,
      interval: 0,
      onChange: (options) => server.setSecureContext(options),
      onRefused: () => undefined,
    });
    const server = createServer({ ...watched.current, backend }, (socket) => socket.end());
    const port = await listen(server);
    const shown = async (): Promise<string | undefined> => {
      const client = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: root.certificatePem, backend });
      client.resume();
      await once(client, 'secureConnect');
      const serial = client.getPeerX509Certificate()?.serialNumber;
      client.destroy();
      return serial;
    };
    const serials = [first, second].map((each) => new X509Certificate(each?.certificatePem ?? '').serialNumber);
    try {
      expect(await shown()).toBe(serials[0]);
      write([second?.chainPem ?? '', first?.privateKeyPem ?? '']);
      await expect(watched.check()).rejects.toThrow(Error);
      expect(await shown()).toBe(serials[0]);
      write([second?.chainPem ?? '', second?.privateKeyPem ?? '']);
      expect(await watched.check()).toBe(true);
      expect(await shown()).toBe(serials[1]);
    } finally {
      watched.close();
      await close(server);
      rmSync(folder, { recursive: true });
    }
  },
);
