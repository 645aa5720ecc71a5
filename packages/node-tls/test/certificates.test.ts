import { expect, it } from 'vitest';
import { detailedCertificate, x509WithIssuers } from '../src/socket/certificates.ts';
import { leaf, root } from './support.ts';

it('a peer whose certificate cannot be read is not taken for the next one of its chain', () => {
  const path = [Uint8Array.of(0x30, 0), leaf.certificateDer, root.certificateDer];
  expect(detailedCertificate(path)).toBeUndefined();
  expect(x509WithIssuers(path)).toBeUndefined();
  expect(detailedCertificate(path.slice(1))?.subject.CN).toBe('localhost');
});
