import { once } from 'node:events';
import { usualScene, type Connection, type Scene } from '../endpoint.ts';
import type { Case, DrivingClient, Workload } from '../workload.ts';

interface Parameters {
  readonly concurrent: number;
  readonly resumes?: boolean;
  /** True: the client destroys its socket, without close_notify. */
  readonly abrupt?: boolean;
}

export const workload: Workload<Parameters> = {
  id: 'handshakes',
  about:
    'connections opened, verified and closed by both sides with close_notify; “known chain”: the client has seen the server’s chain before',
  unit: 'handshake',
  measures: 'rate',
  warmUp: 6000,
  cases: [
    { ...knownChain(16), withPeers: true, withHeap: true },
    knownChain(1),
    knownChain(8),
    knownChain(64),
    { name: 'first contact, 16 concurrent', ...of(16), firstContact: true },
    { name: 'resumed, 16 concurrent', ...of(16, { resumes: true }) },
    { name: 'abrupt closes, 16 concurrent', ...of(16, { abrupt: true }) },
    { name: 'RSA-2048, 16 concurrent', ...of(16, {}, { key: 'rsa-2048' }) },
    { name: 'X25519MLKEM768, 16 concurrent', ...of(16, {}, { group: 'X25519MLKEM768' }) },
    { name: 'TLS 1.2, 16 concurrent', ...of(16, {}, { version: 'TLSv1.2' }) },
  ],
  serve(socket) {
    socket.on('error', () => undefined); // clients may leave in any way
    socket.resume();
  },
  async drive(client, { concurrent, resumes = false, abrupt = false }, amount) {
    let left = amount;
    const session = resumes ? await sessionFor(client) : undefined;
    const worker = async (): Promise<void> => {
      while ((left -= 1) >= 0) {
        const { stream, resumed } = await client.dial(client.port, { session });
        if (resumed !== resumes) throw new Error(`expected a connection that is ${resumes ? '' : 'not '}resumed`);
        stream.on('error', () => undefined).resume();
        if (abrupt) stream.destroy();
        else stream.end();
        await once(stream, 'close');
      }
    };
    await Promise.all(Array.from({ length: concurrent }, worker));
  },
};

function knownChain(concurrent: number): Case<Parameters> {
  return { name: `known chain, ${concurrent} concurrent`, ...of(concurrent) };
}

function of(
  concurrent: number,
  parameters: Omit<Parameters, 'concurrent'> = {},
  scene: Partial<Scene> = {},
): Omit<Case<Parameters>, 'name'> {
  return { scene: { ...usualScene, ...scene }, least: concurrent * 2, parameters: { concurrent, ...parameters } };
}

/**
 * Gives a session of a full handshake. All connections of a case resume the same one: a server of node:tls gives no new ticket to a client
 * that resumes, so that nothing can be waited for.
 */
async function sessionFor(client: DrivingClient): Promise<unknown> {
  const known = sessions.get(client);
  if (known !== undefined) return known;
  const session = await new Promise<unknown>((resolve, reject) => {
    const read = ({ stream }: Connection): unknown =>
      stream
        .on('error', reject)
        .on('close', () => reject(new Error('no session came')))
        .resume();
    client.dial(client.port, { onSession: resolve }).then(read, reject);
  });
  sessions.set(client, session);
  return session;
}

const sessions = new WeakMap<DrivingClient, unknown>();
