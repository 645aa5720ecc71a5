import { usualScene } from '../endpoint.ts';
import { kibibyte, receiveDown, receiveInto, serveTransfer, type Transfer } from '../transfer.ts';
import type { Case, DrivingClient, Workload } from '../workload.ts';

interface Parameters extends Transfer {
  readonly onread: boolean;
}

export const workload: Workload<Parameters> = {
  id: 'collections',
  about: 'major collections of V8 in the client while it receives 1.28 GiB',
  unit: 'MiB',
  measures: 'collections',
  warmUp: 0,
  cases: [receiving('streamed', false), receiving('onread', true)],
  serve: serveTransfer,
  prepare: (client, parameters) => receive(client, parameters, 80),
  drive: receive,
};

async function receive(client: DrivingClient, { onread }: Parameters, amount: number): Promise<void> {
  if (onread) return receiveInto(client, amount);
  const { stream } = await client.dial(client.port);
  stream.on('error', () => undefined);
  await receiveDown(stream, amount);
  stream.destroy();
}

function receiving(name: string, onread: boolean): Case<Parameters> {
  const parameters: Parameters = { direction: 'down', writeSize: 64 * kibibyte, onread };
  return { name: `1.28 GiB received, ${name}`, scene: usualScene, least: 1311, parameters };
}
