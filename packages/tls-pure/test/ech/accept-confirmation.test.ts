import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { concatBytes, hex } from '@org/tls-core/backend';
import { confirmAcceptance, isAcceptanceConfirmed, messageHash } from '../../src/ech/accept-confirmation.ts';
import { unconfirmedHelloRetryEch } from '../../src/ech/extension.ts';
import { Transcript } from '../../src/schedule/transcript.ts';
import { encodeSelectedVersion, WireVersion } from '../../src/wire/extensions/supported-versions.ts';
import { encodeServerHello, helloRetryRequestRandom } from '../../src/wire/messages/server-hello.ts';
import type { Extension } from '../../src/wire/extension.ts';
import { thrown } from '@org/pki';
import { ascii, providers } from './support.ts';

const innerRandom = new Uint8Array(32).fill(1);
const clientHello = ascii('a ClientHelloInner');
const secondClientHello = ascii('a second ClientHelloInner');
const version = encodeSelectedVersion(WireVersion.tls13);

function message(random: Uint8Array, extensions: readonly Extension[]): Uint8Array {
  return encodeServerHello({
    random,
    legacySessionIdEcho: new Uint8Array(32).fill(5),
    cipherSuite: 0x1301,
    extensions,
  });
}

const serverHello = message(new Uint8Array(32).fill(7), [version]);
const helloRetryRequest = message(helloRetryRequestRandom, [version, unconfirmedHelloRetryEch]);

/** RFC 9849 §7.2 written out once more, over node:crypto alone. */
function expected(hash: string, label: string, transcript: Uint8Array): Uint8Array {
  const length = createHash(hash).digest().length;
  const secret = createHmac(hash, new Uint8Array(length)).update(innerRandom).digest();
  const transcriptHash = createHash(hash).update(transcript).digest();
  const full = `tls13 ${label}`;
  const info = Buffer.concat([Buffer.of(0, 8, full.length), Buffer.from(full), Buffer.of(length), transcriptHash]);
  return new Uint8Array(createHmac(hash, secret).update(info).update(Buffer.of(1)).digest().subarray(0, 8));
}

describe.each(providers)('the acceptance confirmation over %s (RFC 9849 §7.2)', (_name, crypto) => {
  test.each(['sha256', 'sha384'] as const)('ServerHello: the last 8 bytes of random, with %s', (hash) => {
    const input = { crypto, hash, innerRandom, messagesBefore: [clientHello] };
    const confirmed = confirmAcceptance(input, serverHello);
    const zeroed = message(new Uint8Array(32).fill(7).fill(0, 24), [version]);
    const signal = expected(hash, 'ech accept confirmation', concatBytes([clientHello, zeroed]));
    expect(hex(confirmed)).toBe(
      hex(message(new Uint8Array(32).fill(7).fill(0, 24).map(replace(signal, 24)), [version])),
    );
    expect(isAcceptanceConfirmed(input, confirmed)).toBe(true);
    expect(isAcceptanceConfirmed(input, serverHello)).toBe(false);
    expect(serverHello).toEqual(message(new Uint8Array(32).fill(7), [version]));
  });

  test.each(['sha256', 'sha384'] as const)('HelloRetryRequest: the extension (§7.2.1), with %s', (hash) => {
    const first = messageHash(crypto, hash, clientHello);
    const input = { crypto, hash, innerRandom, messagesBefore: [first] };
    const confirmed = confirmAcceptance(input, helloRetryRequest);
    const signal = expected(hash, 'hrr ech accept confirmation', concatBytes([first, helloRetryRequest]));
    expect(hex(confirmed)).toBe(hex(message(helloRetryRequestRandom, [version, { type: 0xfe0d, body: signal }])));
    expect(isAcceptanceConfirmed(input, confirmed)).toBe(true);
    expect(isAcceptanceConfirmed(input, helloRetryRequest)).toBe(false);

    const behind = { ...input, messagesBefore: [first, confirmed, secondClientHello] };
    expect(isAcceptanceConfirmed(behind, confirmAcceptance(behind, serverHello))).toBe(true);
    expect(isAcceptanceConfirmed(input, confirmAcceptance(behind, serverHello))).toBe(false);
  });

  test('any other random, transcript or byte is no confirmation', () => {
    const input = { crypto, hash: 'sha256', innerRandom, messagesBefore: [clientHello] } as const;
    const confirmed = confirmAcceptance(input, serverHello);
    expect(isAcceptanceConfirmed({ ...input, innerRandom: new Uint8Array(32) }, confirmed)).toBe(false);
    expect(isAcceptanceConfirmed({ ...input, messagesBefore: [secondClientHello] }, confirmed)).toBe(false);
    expect(isAcceptanceConfirmed({ ...input, hash: 'sha384' }, confirmed)).toBe(false);
    for (const at of [5, 10, 30, 37, confirmed.length - 1]) {
      expect(isAcceptanceConfirmed(input, confirmed.with(at, (confirmed[at] ?? 0) ^ 1))).toBe(false);
    }
  });

  test('a HelloRetryRequest without the extension is no confirmation', () => {
    const input = { crypto, hash: 'sha256', innerRandom, messagesBefore: [clientHello] } as const;
    const without = message(helloRetryRequestRandom, [version]);
    expect(isAcceptanceConfirmed(input, without)).toBe(false);
    expect(() => confirmAcceptance(input, without)).toThrow(RangeError);
  });

  test.each([0, 7, 9])('a HelloRetryRequest with an extension of %i bytes is a decode_error', (length) => {
    const input = { crypto, hash: 'sha256', innerRandom, messagesBefore: [clientHello] } as const;
    const bad = message(helloRetryRequestRandom, [version, { type: 0xfe0d, body: new Uint8Array(length) }]);
    expect(thrown(() => isAcceptanceConfirmed(input, bad)).alert).toBe(50);
  });

  test('the message hash is the transcript’s (RFC 8446 §4.4.1)', () => {
    const transcript = new Transcript(crypto);
    transcript.add(clientHello);
    transcript.replaceWithMessageHash('sha256');
    expect(hex(crypto.hash('sha256', messageHash(crypto, 'sha256', clientHello)))).toBe(hex(transcript.hash()));
  });
});

/** Bytes from `at` on taken from `signal`. */
function replace(signal: Uint8Array, at: number): (byte: number, index: number) => number {
  return (byte, index) => signal[index - at] ?? byte;
}
