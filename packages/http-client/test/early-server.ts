import net from 'node:net';
import type { ServerConfig, TlsBackend, TlsServerContext } from '@org/tls-core';
import type { TestCertificate } from '@org/pki';
import { listen, type TestServer } from './servers.ts';

/** What one connection brought, as text. */
export interface Arrived {
  /** What came as early data. */
  early: string;
  /** What came behind the handshake. */
  late: string;
}

/** A server of HTTP/1.1 that tells early data from the rest, and has no HTTP library that might hide it. */
export interface EarlyServer extends TestServer {
  readonly arrived: readonly Arrived[];
  /** Secures the connections to come otherwise. */
  configure(config: Partial<ServerConfig>): void;
}

/**
 * Starts one. Each request is answered with `hello` and the end of the connection.
 * @param answer gives another answer, by the head of the request and whether all of it came early
 */
export async function startEarlyServer(
  backend: TlsBackend,
  leaf: TestCertificate,
  answer: (head: string, isEarly: boolean) => string = () => answerOf(200, 'hello'),
): Promise<EarlyServer> {
  const identity = { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem };
  const ticketKeys = { current: () => [{ name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(2) }] };
  const replayGuard = { firstUse: () => true };
  const contextOf = (config: Partial<ServerConfig>): TlsServerContext =>
    backend.createServerContext({ identity, ticketKeys, replayGuard, maxEarlyData: 16_384, ...config });
  let context = contextOf({});
  const arrived: Arrived[] = [];
  const server = await listen(
    net.createServer((socket) => {
      const bytes: Arrived = { early: '', late: '' };
      arrived.push(bytes);
      const respond = (): void => {
        const head = bytes.early + bytes.late;
        if (!head.includes('\r\n\r\n')) return;
        engine.send(Buffer.from(answer(head, bytes.late === '')));
        engine.close();
      };
      const engine = context.createEngine({
        ciphertext: (batch) => void socket.write(batch),
        earlyData: (batch) => {
          bytes.early += Buffer.from(batch).toString('latin1');
          respond();
        },
        plaintext: (batch) => {
          bytes.late += Buffer.from(batch).toString('latin1');
          respond();
        },
        closed: () => void socket.end(),
        failed: () => void socket.end(),
        handshake: () => undefined,
        session: () => undefined,
        keyLog: () => undefined,
      });
      engine.start();
      socket.on('data', (chunk) => {
        try {
          engine.receive(chunk);
        } catch {
          socket.end(); // the engine has told its failure
        }
      });
      socket.once('close', () => engine.destroy());
    }),
  );
  const configure = (config: Partial<ServerConfig>): void => {
    context = contextOf(config);
  };
  return { ...server, arrived, configure };
}

export function answerOf(status: number, body: string): string {
  return `HTTP/1.1 ${status} Answer\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
}
