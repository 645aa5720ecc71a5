import { TlsError, type MaybePromise } from '@org/tls-core';
import { andThen, askHook, nameOf, signatureSchemeNumbers } from '@org/tls-core/backend';
import type { Answer, Question } from '../border/addon.ts';
import { numbers } from '../border/client-hello-info.ts';
import { plain } from '../border/plain-bytes.ts';
import type { Credential } from './credentials.ts';

/**
 * Has an identity's signer sign. Whether the signature is right is for the peer to see.
 * @throws TlsError (or rejects with) `ERR_TLS_HOOK` when the signer fails, or gives what cannot be a signature of the key
 */
export function signature(
  credential: Credential | undefined,
  { signatureScheme, input }: Extract<Question, { readonly kind: 'sign' }>,
): MaybePromise<Answer> {
  const [content = new Uint8Array()] = plain(input);
  const [number = 0] = numbers(signatureScheme[0] ?? new Uint8Array());
  const scheme = nameOf(signatureSchemeNumbers, number);
  const signer = credential?.identity.signer;
  if (signer === undefined || scheme === undefined)
    throw new TlsError('ERR_TLS_BACKEND', `there is nobody to sign with the scheme ${number}`);
  const maxLength = credential?.maxSignatureLength ?? 0;
  return andThen(
    askHook('signer.sign', () => signer.sign(scheme, content)),
    (signed) => {
      if (signed.length <= maxLength) return { signature: signed };
      throw new TlsError('ERR_TLS_HOOK', `signer.sign: expected 1 to ${maxLength} bytes, got ${signed.length}`);
    },
  );
}
