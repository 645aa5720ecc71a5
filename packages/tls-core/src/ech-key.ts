import { bytes, flag, listOf, type OptionRule } from './option-rule.ts';
import { ownFields, frozenCopy } from './own-options.ts';

/** An ECHConfig with its private key, by which a server opens an Encrypted Client Hello. */
export interface EchKey {
  /** One `ECHConfig` (RFC 9849 §4). */
  readonly config: Uint8Array;
  /** The KEM's private key, 32 bytes for X25519. */
  readonly privateKey: Uint8Array;
  /** Sends the config to clients whose ECH could not be opened. Default: true. */
  readonly isRetryConfig?: boolean;
}

/** Copies the keys for Encrypted Client Hello. */
export const echKeys: OptionRule<readonly EchKey[]> = (value, option) =>
  listOf(value, option, 'an array of ECH keys', (each) => {
    const { config, privateKey, isRetryConfig } = ownFields(
      each as EchKey,
      ['config', 'privateKey', 'isRetryConfig'],
      option,
    );
    return frozenCopy({
      config: bytes(config, `${option}.config`),
      privateKey: bytes(privateKey, `${option}.privateKey`),
      ...(isRetryConfig !== undefined && { isRetryConfig: flag(isRetryConfig, `${option}.isRetryConfig`) }),
    });
  });
