import { AlertDescription } from '@org/tls-core';
import { expect } from 'vitest';

/** A share that a peer sent is refused: the error is thrown or rejected with, and the alert is illegal_parameter (RFC 8446 §4.2.8.2). */
export async function expectBadShare(action: () => unknown): Promise<void> {
  await expect((async () => action())()).rejects.toMatchObject({
    code: 'ERR_TLS_ILLEGAL_PARAMETER',
    alert: AlertDescription.illegalParameter,
  });
}

/** An import is refused at once: it never gives a Promise. */
export function expectRefusedKey(action: () => unknown, code: 'ERR_TLS_CERTIFICATE_BAD' | 'ERR_TLS_IDENTITY'): void {
  expect(action).toThrow(expect.objectContaining({ code }));
}

/** A private key is used as it cannot be. */
export async function expectMisuse(action: () => unknown, what: string): Promise<void> {
  await expect((async () => action())(), what).rejects.toMatchObject({ code: 'ERR_TLS_API_MISUSE' });
}
