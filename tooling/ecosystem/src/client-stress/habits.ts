import type { Random } from '@org/fuzz/random';
import type { Dispatcher } from 'undici';
import type { Requester } from './ways.ts';

/** What a habit has to do its request. */
export interface Client {
  readonly requester: Requester;
  readonly origin: string;
  readonly random: Random;
  /** A signal of all requests, which never aborts. */
  readonly signal: AbortSignal;
}

/** What the origin does; half of the requests are answered whole. */
const manners = ['stalls', 'cuts', 'resets', 'half-closes', 'gives-up', 'goes-away', 'silent'] as const;

/** Does one request. @returns true where its answer came whole */
export type Habit = (client: Client) => Promise<boolean>;

const whole: Habit = async (client) => {
  const { body } = await ask(client, client.signal);
  await body.text();
  return true;
};

const uploaded: Habit = async (client) => {
  const { body } = await ask(client, client.signal, 'x'.repeat(client.random.below(300_000)));
  await body.text();
  return true;
};

const abortedBeforeTheAnswer: Habit = async (client) => {
  const abort = new AbortController();
  const asked = ask(client, AbortSignal.any([abort.signal, client.signal]));
  // a rejection that comes first is told below
  asked.catch(() => undefined);
  await turns(client.random.below(40));
  abort.abort();
  const { body } = await asked;
  await body.text();
  return true;
};

const abortedInTheAnswer: Habit = async (client) => {
  const abort = new AbortController();
  const { body } = await ask(client, AbortSignal.any([abort.signal, client.signal]));
  const atByte = client.random.below(100_000);
  let read = 0;
  for await (const chunk of body) {
    read += (chunk as Buffer).length;
    if (read > atByte) abort.abort();
  }
  return true;
};

const abortedInTheUpload: Habit = async (client) => {
  const abort = new AbortController();
  const asked = ask(client, abort.signal, 'x'.repeat(1_000_000));
  asked.catch(() => undefined);
  await turns(client.random.below(40));
  abort.abort();
  const { body } = await asked;
  await body.text();
  return true;
};

/** The body is never read: whoever does not want it says so. */
const leftUnread: Habit = async (client) => {
  const { body } = await ask(client, client.signal);
  body.on('error', () => undefined).destroy();
  return false;
};

export const habits: readonly Habit[] = [
  whole,
  whole,
  whole,
  uploaded,
  abortedBeforeTheAnswer,
  abortedInTheAnswer,
  abortedInTheUpload,
  leftUnread,
];

function ask(
  { requester, origin, random }: Client,
  signal: AbortSignal,
  body?: string,
): Promise<Dispatcher.ResponseData> {
  const manner = random.oneIn(2) ? 'whole' : random.pick(manners);
  const url = `${origin}/${manner}/${random.below(200_000)}`;
  return requester.request(url, body === undefined ? { method: 'GET', signal } : { method: 'POST', signal, body });
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
