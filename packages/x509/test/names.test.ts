import { describe, expect, test } from 'vitest';
import { isIpAddress, parseIpAddress } from '@org/tls-core/backend';
import { matchesAny, matchesDnsName, parseReferenceName } from '../src/names/reference-name.ts';
import { thrown } from '@org/pki';

describe('RFC 9525 §6.3 a presented name matches', () => {
  test.each([
    ['example.com', 'example.com'],
    ['EXAMPLE.com', 'example.COM'],
    ['example.com', 'example.com.'],
    ['*.example.com', 'a.example.com'],
    ['*.example.com', 'xn--bcher-kva.example.com'],
    ['xn--bcher-kva.example', 'bücher.example'],
    ['localhost', 'localhost'],
    ['a-1.example.com', 'a-1.example.com'],
    ['my_service', 'my_service'],
    ['*.example.com', 'a_b.example.com'],
  ])('%s for %s', (presented, name) => {
    const reference = parseReferenceName(name);
    expect(reference.kind === 'dns' && matchesDnsName(presented, reference.text)).toBe(true);
  });
});

describe('RFC 9525 §6.3 a presented name does not match', () => {
  test.each([
    ['example.com', 'www.example.com'],
    ['www.example.com', 'example.com'],
    ['*.example.com', 'example.com'],
    ['*.example.com', 'a.b.example.com'],
    ['*.*.example.com', 'a.b.example.com'],
    ['a.*.example.com', 'a.b.example.com'],
    ['a*.example.com', 'ab.example.com'],
    ['*a.example.com', 'ba.example.com'],
    ['xn--*.example.com', 'xn--bcher-kva.example.com'],
    ['*', 'localhost'],
    ['*.', 'localhost'],
    ['*.com', 'example.com'],
    ['.example.com', 'a.example.com'],
    ['example.com.', 'example.com'],
    ['example.com\0.evil.test', 'example.com'],
    ['a_b.example.com', 'a-b.example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
  ])('%s for %s', (presented, name) => {
    const reference = parseReferenceName(name);
    expect(reference.kind === 'dns' && matchesDnsName(presented, reference.text)).toBe(false);
  });
});

describe('a reference name', () => {
  test.each(['', '.', 'a..b', '-a.example', 'a-.example', 'a b', 'a/b', 'a:1', 'user@host', '*.example.com'])(
    '%j is refused',
    (name) => {
      expect(thrown(() => parseReferenceName(name)).code).toBe('ERR_TLS_CONFIG');
    },
  );

  test.each(['127.1', '0x7f.1', '1.2.3.4.5', '01.2.3.4', '1.2.3.256', '[::1]', '::1%lo', '1.2.3.4.'])(
    '%j, which others may read as an address, is refused',
    (name) => {
      expect(thrown(() => parseReferenceName(name)).code).toBe('ERR_TLS_CONFIG');
    },
  );

  test.each([`${'a'.repeat(64)}.example`, `${'a.'.repeat(127)}b`])(
    'of more than 63 octets a label or 253 in all is refused',
    (name) => {
      expect(thrown(() => parseReferenceName(name)).code).toBe('ERR_TLS_CONFIG');
    },
  );

  test('an address is proven by an iPAddress with the same octets, and by nothing else', () => {
    const reference = parseReferenceName('192.0.2.1');
    expect(matchesAny([{ kind: 'ip', address: Uint8Array.of(192, 0, 2, 1) }], reference)).toBe(true);
    expect(matchesAny([{ kind: 'ip', address: Uint8Array.of(192, 0, 2, 2) }], reference)).toBe(false);
    expect(matchesAny([{ kind: 'dns', name: '192.0.2.1' }], reference)).toBe(false);
    const mapped = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1);
    expect(matchesAny([{ kind: 'ip', address: mapped }], reference)).toBe(false);
  });

  test('a name is not proven by an address, a URI or an e-mail address', () => {
    const reference = parseReferenceName('example.com');
    expect(
      matchesAny(
        [
          { kind: 'uri', name: 'https://example.com/' },
          { kind: 'email', name: 'a@example.com' },
          { kind: 'ip', address: new Uint8Array(4) },
        ],
        reference,
      ),
    ).toBe(false);
  });
});

describe('textual addresses', () => {
  test.each([
    ['127.0.0.1', [127, 0, 0, 1]],
    ['255.255.255.255', [255, 255, 255, 255]],
    ['::', Array.from({ length: 16 }, () => 0)],
    ['::1', [...Array.from({ length: 15 }, () => 0), 1]],
    ['2001:DB8::1', [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
    ['1:2:3:4:5:6:7:8', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]],
    ['1:2:3:4:5:6:7::', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0]],
    ['::ffff:192.0.2.1', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 1]],
  ])('%s is read (RFC 4291 §2.2)', (text, octets) => {
    expect(parseIpAddress(text)).toEqual(Uint8Array.from(octets));
  });

  test.each([
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.256',
    '1.2.3.',
    '1.2.3.-4',
    ' 1.2.3.4',
    '0x1.2.3.4',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '1:2:3:4:5:6:7:8::',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    '12345::',
    'g::',
    '::1.2.3',
    '1.2.3.4::',
    '::1%eth0',
    '[::1]',
    '',
  ])('%j is none', (text) => {
    expect(isIpAddress(text)).toBe(false);
  });
});
