import { inspect, types } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  AlertDescription,
  alertName,
  alertOf,
  alertsBySection,
  familyOf,
  isTlsError,
  nodeCodesOf,
  TlsError,
  tlsErrorCodes,
  type AlertSection,
  type TlsErrorCode,
} from '../src/index.ts';
import { decodeAlpnProtocol, encodeAlpnProtocol } from '../src/backend/index.ts';

const alerts = new Set<number>(Object.values(AlertDescription));
const families = [
  'decode',
  'peer-misbehaved',
  'peer-incompatible',
  'peer-alert',
  'certificate',
  'transport',
  'misuse',
  'backend',
];

it.each(tlsErrorCodes)('%s has one family, and an alert of the RFCs or none', (code) => {
  expect(families).toContain(familyOf(code));
  const alert = alertOf(code);
  expect(alert === undefined || alerts.has(alert)).toBe(true);
  const error = new TlsError(code, 'a message');
  expect(error).toMatchObject({
    code,
    family: familyOf(code),
    alert,
    direction: alert === undefined ? undefined : 'sent',
  });
});

it('every certificate error tells the peer, since §4.4.2.4 wants an alert', () => {
  for (const code of tlsErrorCodes.filter((each) => familyOf(each) === 'certificate'))
    expect(alertOf(code)).toBeDefined();
});

it('an error of another copy of the package is recognised', async () => {
  const anotherCopy: string = '../src/tls-error.ts?another-copy';
  const other = (await import(anotherCopy)) as { readonly TlsError: typeof TlsError };
  const error = new other.TlsError('ERR_TLS_DECODE', 'from the other copy');
  expect(error).not.toBeInstanceOf(TlsError);
  expect(isTlsError(error)).toBe(true);
});

it.each([undefined, null, 'ERR_TLS_DECODE', new Error('no'), { code: 'ERR_TLS_DECODE' }])(
  '%s is no TlsError',
  (value) => {
    expect(isTlsError(value)).toBe(false);
  },
);

it('a received alert stands on the error, whatever the table says of sending', () => {
  expect(new TlsError('ERR_TLS_ALERT', 'told', { receivedAlert: 199 })).toMatchObject({
    alert: 199,
    direction: 'received',
    alertName: 'alert_199',
  });
});

it('a section of an RFC that wants another alert has it, for its code alone', () => {
  const sections = tlsErrorCodes.flatMap((code) =>
    Object.entries(alertsBySection(code)).map(([section, alert]) => ({
      code,
      section: section as AlertSection,
      alert,
    })),
  );
  expect(sections.length).toBeGreaterThan(0);
  for (const { code, section, alert } of sections) {
    expect(alert).not.toBe(alertOf(code));
    expect(new TlsError(code, 'a message', { section })).toMatchObject({ alert, direction: 'sent' });
    expect(new TlsError('ERR_TLS_DECODE', 'a message', { section }).alert).toBe(AlertDescription.decodeError);
  }
});

it('an alert that the platform has sent is reported', () => {
  expect(new TlsError('ERR_TLS_CERTIFICATE_STATUS', 'told', { platformAlert: 46 })).toMatchObject({
    alert: 46,
    direction: 'sent',
  });
});

it('every certificate error has a code of Node’s, if only the one for whatever has none', () => {
  for (const code of tlsErrorCodes.filter((each) => familyOf(each) === 'certificate'))
    expect(nodeCodesOf(code)[0]).toMatch(/^[A-Z_]+$/);
});

it('alert names are the RFC’s', () => {
  expect(alertName(AlertDescription.badRecordMac)).toBe('bad_record_mac');
  expect(alertName(AlertDescription.unknownCa)).toBe('unknown_ca');
});

it('a certificate error carries Node’s code', () => {
  const certificate = { chain: [], rejectedPaths: [] };
  const own = { certificate: { ...certificate, nodeCode: 'SELF_SIGNED_CERT_IN_CHAIN' } };
  expect(new TlsError('ERR_TLS_CERTIFICATE_EXPIRED', 'too late', { certificate }).nodeCode).toBe('CERT_HAS_EXPIRED');
  expect(new TlsError('ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER', 'whose?', own).nodeCode).toBe('SELF_SIGNED_CERT_IN_CHAIN');
  expect(new TlsError('ERR_TLS_DECODE', 'no certificate').nodeCode).toBeUndefined();
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  expect(new TlsError('ERR_TLS_TRANSPORT', 'no connection', { cause }).nodeCode).toBe('ECONNREFUSED');
  expect(new TlsError('ERR_TLS_TRANSPORT', 'no connection').nodeCode).toBeUndefined();
});

it('a cause that is undefined is no cause', () => {
  expect('cause' in new TlsError('ERR_TLS_DECODE', 'alone')).toBe(false);
});

it('RFC 7301 §3.1 a protocol name has 1 to 255 bytes', () => {
  expect(encodeAlpnProtocol('h2')).toEqual(Uint8Array.of(0x68, 0x32));
  for (const wrong of ['', 'x'.repeat(256), new Uint8Array(0)]) {
    expect(() => encodeAlpnProtocol(wrong)).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'alpnProtocols' }),
    );
  }
});

it('a protocol name that is no UTF-8 reads as Latin-1', () => {
  expect(decodeAlpnProtocol(Uint8Array.of(0x68, 0x32))).toBe('h2');
  expect(decodeAlpnProtocol(Uint8Array.of(0xff, 0x41))).toBe('ÿA');
});

describe('the stack of an error', () => {
  const framesOf = (error: Error): number =>
    (error.stack ?? '').split('\n').filter((line) => /^ +at /.test(line)).length;
  const peers = ['decode', 'peer-misbehaved', 'peer-incompatible', 'peer-alert', 'certificate'];

  it('has no frames where the peer causes the error, and has them where a caller does', () => {
    const isOfPeer = (code: TlsErrorCode): boolean => peers.includes(familyOf(code)) || code === 'ERR_TLS_TRUNCATED';
    const hasFrames = tlsErrorCodes.filter((code) => framesOf(new TlsError(code, 'a message')) > 0);
    expect(hasFrames).toEqual(tlsErrorCodes.filter((code) => !isOfPeer(code)));
    expect(new TlsError('ERR_TLS_API_MISUSE', 'a message').stack).toContain('errors.test.ts');
  });

  it('is one of a real error that names itself, its message and its cause', () => {
    const cause = new Error('what the hook threw');
    const error = new TlsError('ERR_TLS_CERTIFICATE_REJECTED', 'refused', { cause });
    expect(types.isNativeError(error)).toBe(true);
    expect(error).toBeInstanceOf(Error);
    expect(error.cause).toBe(cause);
    expect(framesOf(cause)).toBeGreaterThan(0);
    expect(String(error)).toBe('TlsError: refused');
    expect(inspect(error)).toMatch(/^\[?TlsError: refused[^]*ERR_TLS_CERTIFICATE_REJECTED[^]*what the hook threw/);
    expect(structuredClone(error)).toMatchObject({ message: 'refused' });
    expect(Object.keys(error)).not.toContain('stack');
    Error.captureStackTrace(error);
    expect(error.stack).toContain('errors.test.ts');
  });

  it('leaves Error.stackTraceLimit as it was, and is written where that may not be changed', () => {
    const before = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit');
    const makes = (): TlsError => new TlsError('ERR_TLS_DECODE', 'a message');
    makes();
    expect(Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')).toEqual(before);
    try {
      Object.defineProperty(Error, 'stackTraceLimit', { value: 7, writable: false });
      expect(framesOf(makes())).toBeGreaterThan(0);
      expect(Error.stackTraceLimit).toBe(7);
    } finally {
      Object.defineProperty(Error, 'stackTraceLimit', before ?? {});
    }
  });
});
