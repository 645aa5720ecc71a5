import type { IncomingMessage, ServerResponse } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { createRoot } from '@org/pki';
import { listen, type TestServer } from '../servers.ts';

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost', '127.0.0.1'] });

const identity = { cert: leaf.chainPem, key: leaf.privateKeyPem };

/** What clients of these servers trust. */
export const trust = root.certificatePem;

export type Script = (request: IncomingMessage, response: ServerResponse, body: string) => unknown;

/** A request as a server has seen it. */
export interface SeenRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface ScriptedServer extends TestServer {
  /** All requests so far. */
  readonly seen: readonly SeenRequest[];
}

/** An HTTPS server that notes each request, reads its body, and answers as the script says. */
export async function startScripted(script: Script): Promise<ScriptedServer> {
  const seen: SeenRequest[] = [];
  const server = await listen(
    https.createServer(identity, (request, response) => answer(script, seen, request, response)),
  );
  return { ...server, seen };
}

/** As `startScripted`, over HTTP/2. */
export async function startScriptedHttp2(script: Script): Promise<ScriptedServer> {
  const seen: SeenRequest[] = [];
  const server = await listen(
    http2.createSecureServer(identity, (request, response) =>
      // Node’s classes for HTTP/2 have the shape of those for HTTP/1.1.
      answer(script, seen, request as unknown as IncomingMessage, response as unknown as ServerResponse),
    ),
  );
  return { ...server, seen };
}

function answer(script: Script, seen: SeenRequest[], request: IncomingMessage, response: ServerResponse): void {
  void text(request).then(
    (body) => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body });
      script(request, response, body);
    },
    () => response.destroy(),
  );
}
