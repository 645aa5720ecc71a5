import { describe, expect, test } from 'vitest';
import { certificatesInPem, decodePem, looksLikePem, privateKeyInPem } from '../src/pem.ts';
import { certificatesIn, pemOrDer } from '../src/pem-or-der.ts';
import { isTlsError, type TlsError } from '../src/tls-error.ts';

function thrown(act: () => unknown): TlsError {
  try {
    act();
  } catch (error) {
    if (isTlsError(error)) return error;
  }
  throw new Error('expected a TlsError');
}

const block = (label: string, body: string, end = label): string =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${end}-----\n`;

describe('PEM (RFC 7468)', () => {
  test('gives all blocks in order, with their labels', () => {
    const text = block('CERTIFICATE', 'AQID') + block('PRIVATE KEY', 'BAU=');
    expect(decodePem(text, 'trust')).toEqual([
      { label: 'CERTIFICATE', der: Uint8Array.of(1, 2, 3) },
      { label: 'PRIVATE KEY', der: Uint8Array.of(4, 5) },
    ]);
  });

  test('§2 takes CRLF, lines of any length and white space at line ends', () => {
    const text = '-----BEGIN CERTIFICATE-----\r\nAQ \r\nID\t\r\n-----END CERTIFICATE----- \r\n';
    expect(decodePem(text, 'trust')[0]?.der).toEqual(Uint8Array.of(1, 2, 3));
  });

  test.each([
    ['line feeds', '\n'],
    ['carriage returns and line feeds', '\r\n'],
    ['carriage returns', '\r'],
  ])('takes lines that end with %s', (_name, end) => {
    const text = `text${end}${block('CERTIFICATE', 'AQ\nID').replaceAll('\n', end)}${block('A', 'BAU=').replaceAll('\n', end)}`;
    expect(decodePem(text, 'trust').map(({ label }) => label)).toEqual(['CERTIFICATE', 'A']);
  });

  test('§3 takes blocks that are indented, as text in programs is', () => {
    const text = `\n    ${block('CERTIFICATE', 'AQID').trimEnd().replaceAll('\n', '\n    ')}\n\t${block('A', 'BAU=')}`;
    expect(decodePem(text, 'trust')).toHaveLength(2);
  });

  test('§5.2 takes a BEGIN behind other text for a part of it', () => {
    const text = `# paste it behind -----BEGIN CERTIFICATE-----\n${block('CERTIFICATE', 'AQID')}`;
    expect(decodePem(text, 'trust')).toHaveLength(1);
  });

  test.each([
    ['lines that begin blocks', '-----BEGIN A-----\n'],
    ['beginnings in one line', '-----BEGIN A-----'],
    ['a label of one line', '-----BEGIN A A'],
    ['ends', '-----END A-----\n'],
    ['white space before a beginning', ' \n'],
  ])(
    'reads a million bytes of %s in the time of one look',
    (_name, piece) => {
      const text = `${piece.repeat(Math.ceil(2 ** 20 / piece.length))}-----BEGIN A`;
      expect(thrown(() => decodePem(text, 'trust')).code).toBe('ERR_TLS_CONFIG');
    },
    60_000,
  );

  test('§5.2 ignores explanatory text around blocks', () => {
    const text = `Subject: CN=a\n${block('CERTIFICATE', 'AQID')}# and\nIssuer: b\n${block('CERTIFICATE', 'BAU=')}end`;
    expect(decodePem(text, 'trust')).toHaveLength(2);
  });

  test('takes a block of megabytes, as revocation lists are', () => {
    const body = `${'A'.repeat(64)}\n`.repeat(300_000);
    expect(decodePem(block('X509 CRL', body), 'revocation')[0]?.der.length).toBe(48 * 300_000);
  });

  test('gives nothing for text without a block', () => {
    expect(decodePem('nothing here', 'trust')).toEqual([]);
  });

  test.each([
    ['base64 with a foreign character', block('CERTIFICATE', 'AQ*D')],
    ['base64 of URLs', block('CERTIFICATE', 'AQ-_')],
    ['base64 without its padding', block('CERTIFICATE', 'AQI')],
    ['base64 with too much padding', block('CERTIFICATE', 'AQID=')],
    ['base64 with a form feed', block('CERTIFICATE', 'AQ\fID')],
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
    expect(thrown(() => decodePem(text, 'identity')).code).toBe('ERR_TLS_IDENTITY');
    expect(thrown(() => decodePem(text, 'trust')).code).toBe('ERR_TLS_CONFIG');
  });
});

describe('an encrypted block (RFC 1421 §4.6.1)', () => {
  const encrypted = block('RSA PRIVATE KEY', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0011\n\nAQID');

  test('is given with its DEK-Info to who asks for it', () => {
    expect(decodePem(encrypted, 'identity', true)).toEqual([
      { label: 'RSA PRIVATE KEY', der: Uint8Array.of(1, 2, 3), dekInfo: 'AES-128-CBC,0011' },
    ]);
  });

  test('may have CRLF', () => {
    const [read] = decodePem(encrypted.replaceAll('\n', '\r\n'), 'identity', true);
    expect(read?.dekInfo).toBe('AES-128-CBC,0011');
  });

  test('is refused with what to do about it', () => {
    expect(thrown(() => decodePem(encrypted, 'identity')).message).toContain('openssl pkey');
    expect(thrown(() => privateKeyInPem(encrypted)).message).toContain('encrypted');
    expect(thrown(() => privateKeyInPem(block('ENCRYPTED PRIVATE KEY', 'AQID'))).message).toContain('encrypted');
  });
});

describe('what is picked', () => {
  const text =
    block('EC PARAMETERS', 'Bg==') +
    block('EC PRIVATE KEY', 'BAU=') +
    block('CERTIFICATE', 'AQID') +
    block('TRUSTED CERTIFICATE', 'Bwg=') +
    block('X509 CERTIFICATE', 'CQo=');

  test('certificates, by their label and its old names (RFC 7468 §5.3)', () => {
    expect(certificatesInPem(text, 'trust')).toEqual([Uint8Array.of(1, 2, 3), Uint8Array.of(9, 10)]);
  });

  test('the one private key', () => {
    expect(privateKeyInPem(text)).toEqual({ label: 'EC PRIVATE KEY', der: Uint8Array.of(4, 5) });
  });

  test('no key or two are refused', () => {
    expect(thrown(() => privateKeyInPem(block('CERTIFICATE', 'AQID'))).message).toContain('got 0');
    expect(thrown(() => privateKeyInPem(text + block('PRIVATE KEY', 'AQID'))).code).toBe('ERR_TLS_IDENTITY');
  });

  test('PEM is known by its beginning', () => {
    expect(looksLikePem(text)).toBe(true);
    expect(looksLikePem('MIIB')).toBe(false);
  });
});

describe('PEM that has lost its line breaks', () => {
  const text = block('PRIVATE KEY', 'BAU=');

  test.each([
    ['they are gone', text.replaceAll('\n', '')],
    ['they are spaces', text.replaceAll('\n', ' ')],
    ['they are written out', text.replaceAll('\n', String.raw`\n`)],
    ['they are written out, in quotes', JSON.stringify(text)],
    ['the one is lost that is between two files', text.trimEnd() + text],
    ['the first is lost', text.replace('\n', '')],
  ])('is refused by an error that says so, where %s', (_how, broken) => {
    const error = thrown(() => privateKeyInPem(broken));
    expect(error.code).toBe('ERR_TLS_IDENTITY');
    expect(error.message).toContain('line breaks are lost');
  });
});

describe('what a file holds', () => {
  const text = block('CERTIFICATE', 'AQID');

  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 with a byte order mark', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16, big-endian, with a byte order mark', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['text before it in an old encoding', Buffer.from(`subject=CN = Müller\n${text}`, 'latin1')],
    ['text before it', Buffer.from(`subject=CN = a\r\n${text.replaceAll('\n', '\r\n')}`)],
  ])('is PEM in bytes: %s', (_how, bytes) => {
    const contents = pemOrDer(bytes);
    expect(typeof contents === 'string' && decodePem(contents, 'trust')).toMatchObject([
      { der: Uint8Array.of(1, 2, 3) },
    ]);
  });

  test('is DER, of which a copy is made', () => {
    const der = Uint8Array.of(0x30, 1, 0);
    const contents = pemOrDer(der);
    expect(contents).toEqual(der);
    expect(contents).not.toBe(der);
  });

  test('is PEM text without its byte order mark', () => {
    expect(pemOrDer(`\uFEFF${text}`)).toBe(text);
  });

  test('is several certificates of an identity', () => {
    const both = Buffer.from(text + block('CERTIFICATE', 'BAU='));
    expect(certificatesIn(both)).toEqual([Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)]);
  });
});

describe('text that is no PEM is named for what it is, and not shown', () => {
  const pem = block('PRIVATE KEY', 'BAU=');
  test.each([
    ['', 'empty'],
    [btoa(pem), 'Base64 of PEM'],
    ['MIIB', 'without its BEGIN'],
    ['{"kty":"EC"}', 'a JWK'],
    ['/etc/ssl/private/topsecret', 'a path'],
    ['topsecret.pem', 'a path'],
    ['topsecret', 'something else'],
  ])('%j', (text, kind) => {
    const error = thrown(() => privateKeyInPem(text));
    expect(error.code).toBe('ERR_TLS_IDENTITY');
    expect(error.message).toContain(kind);
    expect(error.message).not.toContain('topsecret');
  });
});
