import { describe, expect, it } from 'vitest';
import { hkdfSync, randomBytes } from 'node:crypto';
import { thrown } from '@org/pki';
import { derivedTicketKeys, memoryTicketKeys, type DerivedTicketKeysOptions } from '../src/index.ts';
import { backends, exchange, serverOf, trust } from './support/exchange.ts';

const secret = randomBytes(32);
const hour = 3_600_000;
const at = (now: number, more: Partial<DerivedTicketKeysOptions> = {}) =>
  derivedTicketKeys({ secret, rotationInterval: hour, sessionLifetimeSeconds: 3600, clock: () => now, ...more });
const namesAt = async (now: number, more?: Partial<DerivedTicketKeysOptions>): Promise<readonly string[]> =>
  (await at(now, more).current()).map(({ name }) => Buffer.from(name).toString('hex'));

describe('options of derived ticket keys', () => {
  it.each([
    ['a short secret', { secret: randomBytes(31) }],
    ['a secret that was wiped', { secret: new Uint8Array(32) }],
    ['no secret', { secret: [] }],
    ['more secrets than 4', { secret: [1, 2, 3, 4, 5].map(() => randomBytes(32)) }],
    ['a secret that stands twice', { secret: [secret, Buffer.from(secret)] }],
    ['an interval of a second', { secret, rotationInterval: 1000 }],
    ['sessions that outlive 48 intervals', { secret, rotationInterval: 5000, sessionLifetimeSeconds: 7200 }],
  ])('%s is refused by name', (_what, options) => {
    const error = thrown(() => derivedTicketKeys(options));
    expect(error).toMatchObject({ code: 'ERR_TLS_CONFIG', option: expect.any(String) });
    expect(String(error)).not.toContain(secret.toString('hex'));
  });

  it.each([
    ['text in place of a secret', { secret: 'a'.repeat(40) }],
    ['an unknown option', { secret, salt: 'salt' }],
    ['a clock that is no function', { secret, clock: 5 }],
  ])('%s is a TypeError', (_what, options) => {
    expect(() => derivedTicketKeys(options as never)).toThrow(TypeError);
  });
});

describe('derived ticket keys', () => {
  it('are HKDF-SHA256 (RFC 5869) of the secret, the interval and its number', async () => {
    const [key] = await at(5 * hour + 1).current();
    const info = `@org/tls-fleet ticket key ${hour} 5`;
    const expected = Buffer.from(hkdfSync('sha256', secret, '', info, 48));
    const none = new Uint8Array();
    expect(Buffer.concat([key?.name ?? none, key?.secret ?? none])).toEqual(expected);
  });

  it('are the same objects until the interval ends, since backends keep what they make of them', async () => {
    let now = 5 * hour;
    const keys = derivedTicketKeys({ secret, rotationInterval: hour, clock: () => now });
    const first = await keys.current();
    now += hour - 1;
    expect((await keys.current())[0]).toBe(first[0]);
    now += 1;
    const second = await keys.current();
    expect(second[0]).toBe(first[1]);
    expect(second).toContain(first[0]);
  });

  it('open what a server sealed whose clock is an interval before or behind, for as long as sessions live', async () => {
    const [sealing = ''] = await namesAt(100.5 * hour);
    for (const later of [-hour, 0, hour, 1.9 * hour]) expect(await namesAt(100.5 * hour + later)).toContain(sealing);
    expect(await namesAt(103 * hour)).not.toContain(sealing);
    expect(await namesAt(98.9 * hour)).not.toContain(sealing);
  });

  it('of another secret, or another interval, are others', async () => {
    const names = await namesAt(7 * hour);
    const others = [
      await namesAt(7 * hour, { secret: randomBytes(32) }),
      await namesAt(7 * hour, { rotationInterval: 2 * hour }),
    ];
    for (const other of others) expect(other.filter((name) => names.includes(name))).toEqual([]);
  });

  it('of a second secret only open, so that a secret can be replaced', async () => {
    const next = randomBytes(32);
    const before = await namesAt(7 * hour, { secret: [secret, next] });
    const after = await namesAt(7 * hour, { secret: [next, secret] });
    expect(before[0]).toBe((await namesAt(7 * hour))[0]);
    expect(after[0]).toBe((await namesAt(7 * hour, { secret: next }))[0]);
    expect(after.toSorted()).toEqual(before.toSorted());
  });

  it('are no more than handshakes take, whatever the options', async () => {
    const most = {
      secret: [1, 2, 3, 4].map(() => randomBytes(32)),
      rotationInterval: 5000,
      sessionLifetimeSeconds: 240,
    };
    expect((await namesAt(100 * hour, most)).length).toBeLessThanOrEqual(256);
  });

  it('are not there when the clock gives no time', () => {
    expect(thrown(() => at(Number.NaN).current())).toMatchObject({ code: 'ERR_TLS_HOOK' });
  });

  it('show no secret when they are printed', () => {
    expect(JSON.stringify(at(0))).toBe('{}');
  });
});

describe.each(backends)('servers over the %s backend', (_name, backend) => {
  const client = backend.createClientContext({ trust });
  const fleet = () => serverOf(backend, { ticketKeys: derivedTicketKeys({ secret }) });

  it('resume each other’s sessions with keys derived from one secret', async () => {
    const { session } = await exchange(client, fleet());
    expect((await exchange(client, fleet(), { session })).info.resumed).toBe(true);
  });

  it('of another secret do a full handshake', async () => {
    const { session } = await exchange(client, fleet());
    const stranger = serverOf(backend, { ticketKeys: derivedTicketKeys({ secret: randomBytes(32) }) });
    expect(await exchange(client, stranger, { session })).toMatchObject({ info: { resumed: false }, warnings: [] });
  });

  it('share keys in memory, and resume what was sealed before a rotation', async () => {
    const ticketKeys = memoryTicketKeys();
    const { session } = await exchange(client, serverOf(backend, { ticketKeys }));
    const [before] = await ticketKeys.current();
    ticketKeys.rotate();
    expect((await ticketKeys.current())[0]).not.toBe(before);
    expect((await exchange(client, serverOf(backend, { ticketKeys }), { session })).info.resumed).toBe(true);
  });
});
