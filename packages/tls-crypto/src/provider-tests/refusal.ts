import { AlertDescription } from '@org/tls-core';
import { expect } from 'vitest';

/**
 * Expects that a peer's share is refused: the call throws or rejects with an error whose alert is illegal_parameter (RFC 8446 §4.2.8.2).
 */
export async function expectBadShare(action: () => unknown): Promise<void> {
  await expect((async () => action())()).rejects.toMatchObject({
    code: 'ERR_TLS_ILLEGAL_PARAMETER',
    alert: AlertDescription.illegalParameter,
  });
}

/** Expects that an import is refused at once: it never gives a Promise. */
export function expectRefusedKey(action: () => unknown, code: 'ERR_TLS_CERTIFICATE_BAD' | 'ERR_TLS_IDENTITY'): void {
  expect(action).toThrow(expect.objectContaining({ code }));
}

/** Expects that the use of a private key in a way that it does not allow is refused. */
export async function expectMisuse(action: () => unknown, what: string): Promise<void> {
  await expect((async () => action())(), what).rejects.toMatchObject({ code: 'ERR_TLS_API_MISUSE' });
}
