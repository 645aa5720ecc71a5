import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { nodeCrypto } from '@org/tls-crypto/node';
import { openTicket, sealTicket } from '../src/session/ticket-sealer.ts';

const state = Uint8Array.from({ length: 100 }, (_, index) => index);
const newKey = () => ({ name: randomBytes(16), secret: randomBytes(32) });
const seal = (key = newKey(), crypto = nodeCrypto) => sealTicket(crypto, key, state, nodeCrypto.randomFill);

describe('a ticket', () => {
  it('opens with the key that sealed it, among others, and with either provider', () => {
    const key = newKey();
    for (const sealer of [nodeCrypto, nobleCrypto]) {
      const ticket = seal(key, sealer);
      for (const opener of [nodeCrypto, nobleCrypto])
        expect(openTicket(opener, [newKey(), key], ticket)).toEqual(state);
    }
  });

  it('opens in another process, which has the same secret in another object', () => {
    const key = newKey();
    expect(openTicket(nodeCrypto, [{ ...key }], seal(key))).toEqual(state);
  });

  it('opens again, whatever salts others make up in between, and with a second provider', () => {
    const key = newKey();
    const tickets = Array.from({ length: 20 }, () => seal({ ...key }));
    for (let round = 0; round < 3; round += 1)
      for (const ticket of tickets) {
        expect(openTicket(nodeCrypto, [key], ticket)).toEqual(state);
        const forged = Uint8Array.from(ticket);
        forged.set(randomBytes(16), 16);
        expect(openTicket(nodeCrypto, [key], forged)).toBeUndefined();
        expect(openTicket(nobleCrypto, [key], ticket)).toEqual(state);
      }
  });

  it('derives no key for a ticket whose salt has opened another, and keeps none that has not', () => {
    const key = newKey();
    let derived = 0;
    const counting = {
      ...nodeCrypto,
      createAead: (...given: Parameters<typeof nodeCrypto.createAead>) => {
        derived += 1;
        return nodeCrypto.createAead(...given);
      },
    };
    const tickets = [seal(key), seal(key)];
    for (const ticket of [...tickets, ...tickets]) expect(openTicket(counting, [key], ticket)).toEqual(state);
    expect(derived).toBe(1);
    const forged = Uint8Array.from(seal(key));
    forged.set(randomBytes(16), 16);
    for (let round = 0; round < 3; round += 1) expect(openTicket(counting, [key], forged)).toBeUndefined();
    expect(derived).toBe(4);
  });

  it('does not open with another secret of the same name, nor with none', () => {
    const key = newKey();
    const ticket = seal(key);
    expect(openTicket(nodeCrypto, [{ ...key, secret: randomBytes(32) }], ticket)).toBeUndefined();
    expect(openTicket(nodeCrypto, [newKey()], ticket)).toBeUndefined();
    expect(openTicket(nodeCrypto, [], ticket)).toBeUndefined();
  });

  it('does not open with a bit changed, wherever it is, nor cut', () => {
    const key = newKey();
    const ticket = seal(key);
    for (const index of ticket.keys()) {
      const changed = Uint8Array.from(ticket, (byte, at) => (at === index ? byte ^ 1 : byte));
      expect(openTicket(nodeCrypto, [key], changed)).toBeUndefined();
    }
    for (let length = 0; length < ticket.length; length += 1)
      expect(openTicket(nodeCrypto, [key], ticket.subarray(0, length))).toBeUndefined();
  });

  it('never has the nonce of another, and holds nothing of the state in the clear', () => {
    const key = newKey();
    const tickets = Array.from({ length: 100 }, () => Buffer.from(seal(key)));
    const nonces = new Set(tickets.map((ticket) => ticket.toString('hex', 32, 44)));
    expect(nonces.size).toBe(100);
    const ciphertexts = new Set(tickets.map((ticket) => ticket.toString('hex', 44)));
    expect(ciphertexts.size).toBe(100);
    expect(tickets.some((ticket) => ticket.includes(Buffer.from(state.subarray(0, 8))))).toBe(false);
  });

  it('is not made with a key of other lengths', () => {
    const refused = expect.objectContaining({ code: 'ERR_TLS_HOOK' }) as Error;
    expect(() => seal({ name: randomBytes(15), secret: randomBytes(32) })).toThrow(refused);
    expect(() => seal({ name: randomBytes(16), secret: randomBytes(16) })).toThrow(refused);
  });
});
