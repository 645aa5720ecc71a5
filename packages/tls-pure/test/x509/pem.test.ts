import { describe, expect, test } from 'vitest';
import { decodePem } from '../../src/x509/pem.ts';
import { thrown } from './support/thrown.ts';

const block = (label: string, body: string, end = label): string =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${end}-----\n`;

describe('PEM (RFC 7468)', () => {
  test('gives all blocks in order, with their labels', () => {
    const text = block('CERTIFICATE', 'AQID') + block('PRIVATE KEY', 'BAU=');
    expect(decodePem(text, 'ERR_TLS_CONFIG')).toEqual([
      { label: 'CERTIFICATE', der: Uint8Array.of(1, 2, 3) },
      { label: 'PRIVATE KEY', der: Uint8Array.of(4, 5) },
    ]);
  });

  test('§2 takes CRLF, lines of any length and white space at line ends', () => {
    const text = '-----BEGIN CERTIFICATE-----\r\nAQ \r\nID\t\r\n-----END CERTIFICATE----- \r\n';
    expect(decodePem(text, 'ERR_TLS_CONFIG')[0]?.der).toEqual(Uint8Array.of(1, 2, 3));
  });

  test('§5.2 ignores explanatory text around blocks', () => {
    const text = `Subject: CN=a\n${block('CERTIFICATE', 'AQID')}# and\nIssuer: b\n${block('CERTIFICATE', 'BAU=')}end`;
    expect(decodePem(text, 'ERR_TLS_CONFIG')).toHaveLength(2);
  });

  test('gives nothing for text without a block', () => {
    expect(decodePem('nothing here', 'ERR_TLS_CONFIG')).toEqual([]);
  });

  test.each([
    ['base64 with a foreign character', block('CERTIFICATE', 'AQ*D')],
    ['base64 of URLs', block('CERTIFICATE', 'AQ-_')],
    ['base64 without its padding', block('CERTIFICATE', 'AQI')],
    ['base64 with padding in the middle', block('CERTIFICATE', 'AQ==AQID')],
    ['an empty block', block('CERTIFICATE', '')],
    ['headers', block('CERTIFICATE', 'Name: value\n\nAQID')],
    ['an end with another label', block('CERTIFICATE', 'AQID', 'PRIVATE KEY')],
    ['a block without an end', '-----BEGIN CERTIFICATE-----\nAQID\n'],
    ['an end without a beginning', `AQID\n-----END CERTIFICATE-----\n${block('CERTIFICATE', 'AQID')}`],
    [
      'a block within a block',
      `-----BEGIN CERTIFICATE-----\n${block('CERTIFICATE', 'AQID')}-----END CERTIFICATE-----\n`,
    ],
    [
      'a key that is encrypted in the old way',
      block('RSA PRIVATE KEY', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAQID'),
    ],
  ])('refuses %s', (_name, text) => {
    expect(thrown(() => decodePem(text, 'ERR_TLS_IDENTITY')).code).toBe('ERR_TLS_IDENTITY');
    expect(thrown(() => decodePem(text, 'ERR_TLS_CONFIG')).code).toBe('ERR_TLS_CONFIG');
  });
});
