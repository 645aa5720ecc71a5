import { TlsError } from './tls-error.ts';

export function wrongType(option: string, expected: string, value: unknown): TypeError {
  return new TypeError(`${option}: expected ${expected}, got ${kindOf(value)}`);
}

export function badValue(option: string, message: string): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `${option}: ${message}`, { option });
}

export function unsupported(option: string, backendName: string, detail: string): TlsError {
  return new TlsError(
    'ERR_TLS_UNSUPPORTED',
    `the ${backendName} backend does not support \`${option}\` as given: ${detail}`,
    { option },
  );
}

/** What a value is, without showing it: it may be a secret. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return Array.isArray(value) ? `an array of ${value.length}` : typeof value;
}
