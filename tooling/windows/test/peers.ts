/** The programs of the Linux outside, by way of `src/peer-host.mjs`. */

interface PeerRequest {
  /** openssl's; `{name}` is the path of a file. */
  readonly args: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly input?: Uint8Array;
}

export interface PeerServer extends AsyncDisposable {
  readonly port: number;
}

/** Starts `openssl s_server` on a port of its own choice. Disposing ends it. */
export async function startServer(request: PeerRequest): Promise<PeerServer> {
  const args = ['s_server', '-accept', '127.0.0.1:0', ...request.args];
  const { id, port } = await ask<{ id: number; port: number }>('/start', {
    ...encoded(request),
    args,
    ready: String.raw`^ACCEPT \S+:(\d+)$`,
  });
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      await ask('/stop', { id });
    },
  };
}

/** Runs openssl until it ends. @returns its exit code and what it has printed */
export async function runOpenssl(request: PeerRequest): Promise<{ readonly status: number; readonly output: Buffer }> {
  const { status, output } = await ask<{ status: number; output: string }>('/run', encoded(request));
  return { status, output: Buffer.from(output, 'base64') };
}

function encoded({ input, ...rest }: PeerRequest): object {
  return { ...rest, ...(input !== undefined && { input: Buffer.from(input).toString('base64') }) };
}

async function ask<Answer>(path: string, body: object): Promise<Answer> {
  const host = process.env['PEER_HOST'];
  if (host === undefined) throw new Error('PEER_HOST is not set: run this by `npm run test:windows`');
  const response = await fetch(host + path, { method: 'POST', body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`openssl ${path}: ${text}`);
  return JSON.parse(text) as Answer;
}
