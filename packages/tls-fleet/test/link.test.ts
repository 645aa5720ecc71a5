import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { Link } from '../src/link/link.ts';
import type { SendCommand } from '../src/link/send-command.ts';
import { until } from './support/until.ts';

interface Told {
  readonly silent: unknown[];
  answers: number;
}

function linkOf(send: SendCommand, deadline = 20): { readonly link: Link; readonly told: Told } {
  const told: Told = { silent: [], answers: 0 };
  const link = new Link({
    to: 'redis',
    send,
    deadline,
    probe: { command: ['EXISTS', '{fleet}'], key: '{fleet}' },
    onSilent: (error) => told.silent.push(error),
    onAnswer: () => (told.answers += 1),
  });
  return { link, told };
}

const never = (): Promise<never> => new Promise(() => undefined);
const secretValue = 'a-value-that-is-a-secret';

/** Asks so often that the link gives up. */
async function fallSilent(link: Link): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop
  while (link.answers) await link.ask(['GET', 'key'], 'key').catch(() => undefined);
}

describe('a link to redis', () => {
  it('gives a command up at its deadline', async () => {
    const { link } = linkOf(never);
    await expect(link.ask(['GET', 'key'], 'key')).rejects.toMatchObject({ code: 'ERR_TLS_TIMEOUT' });
  });

  it('takes a reply that came in time, although this process was too busy to read it', async () => {
    const { port1, port2 } = new MessageChannel();
    const { link } = linkOf(
      () =>
        new Promise((resolve) => {
          port1.once('message', resolve);
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is no window
          port2.postMessage('reply');
        }),
    );
    // A turn of the loop begins with its timers, and only then reads what came.
    await new Promise(setImmediate);
    const asked = link.ask(['GET', 'key'], 'key');
    const busyUntil = performance.now() + 60;
    while (performance.now() < busyUntil);
    expect(await asked).toBe('reply');
    port1.close();
  });

  it('has 256 commands under way at most, and refuses the next at once', async () => {
    let sent = 0;
    const { link } = linkOf(() => {
      sent += 1;
      return never();
    }, 900);
    const waiting = Array.from({ length: 256 }, () => link.ask(['GET', 'key']).catch(() => undefined));
    await expect(link.ask(['GET', 'key'])).rejects.toMatchObject({ code: 'ERR_TLS_LIMIT' });
    expect(sent).toBe(256);
    await Promise.all(waiting);
  });

  it.each<[string, SendCommand]>([
    ['hangs', never],
    ['rejects', () => Promise.reject(new Error('Connection is closed.'))],
    [
      'throws',
      () => {
        throw new Error('ClientClosedError');
      },
    ],
  ])('asks a client that %s three times, and then at once says no', async (_how, send) => {
    let sent = 0;
    const { link, told } = linkOf((...command) => {
      sent += 1;
      return send(...command);
    });
    await fallSilent(link);
    expect([sent, told.silent.length]).toEqual([3, 1]);
    const began = performance.now();
    const asked = Array.from({ length: 1000 }, () => link.ask(['GET', 'key']).catch(() => 'no'));
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['no']));
    // a thousand deadlines would be twenty seconds
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(sent).toBeLessThanOrEqual(4);
  });

  it('asks once in the background whether there is an answer again, and goes on when there is', async () => {
    let isBack = false;
    const commands: string[] = [];
    const { link, told } = linkOf(([name = '']) => {
      commands.push(name);
      return isBack ? Promise.resolve('reply') : Promise.reject(new Error('gone'));
    });
    await fallSilent(link);
    isBack = true;
    await until(async () => (await link.ask(['GET', 'key']).catch(() => undefined)) === 'reply');
    expect(commands.filter((name) => name === 'EXISTS')).toEqual(['EXISTS']);
    expect(told).toMatchObject({ silent: [expect.anything()], answers: 1 });
  });

  it('forgets failures when a command is answered', async () => {
    let calls = 0;
    const { link } = linkOf(() => ((calls += 1) % 3 === 0 ? Promise.resolve(1) : Promise.reject(new Error('no'))));
    for (let index = 0; index < 30; index += 1)
      // oxlint-disable-next-line no-await-in-loop
      await link.ask(['GET', 'key']).catch(() => undefined);
    expect([link.answers, calls]).toEqual([true, 30]);
  });

  it.each<[string, unknown, string]>([
    [
      'a reply that is an error',
      new Error(`ERR unknown command 'SET', with args beginning with: '${secretValue}'`),
      'ERR',
    ],
    [
      'an error of the system',
      Object.assign(new Error(`connect ${secretValue}`), { code: 'ECONNREFUSED' }),
      'ECONNREFUSED',
    ],
    [
      'an error that holds the command',
      Object.assign(new Error('Reached the max retries'), {
        name: 'MaxRetriesPerRequestError',
        command: { args: [secretValue] },
      }),
      'MaxRetriesPerRequestError',
    ],
    ['no error at all', secretValue, 'the command failed'],
    ['nothing', undefined, 'the command failed'],
  ])('tells of %s what kind it is, and nothing of what was sent', async (_what, reason, expected) => {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors
    const { link } = linkOf(() => Promise.reject(reason));
    const error: unknown = await link.ask(['SET', 'key', secretValue]).catch((each: unknown) => each);
    expect(error).toMatchObject({ code: 'ERR_TLS_TRANSPORT', message: `redis: ${expected}` });
    expect(error).not.toHaveProperty('cause');
  });
});
