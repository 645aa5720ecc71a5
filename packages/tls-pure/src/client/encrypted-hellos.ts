import { TlsError, type ClientEngineOptions } from '@org/tls-core';
import { decodeRetryConfigs, readEchConfigOption, selectEchConfig } from '../ech/ech-config.ts';
import { decodeHelloRetryEch } from '../ech/extension.ts';
import { greaseEch } from '../ech/grease.ts';
import type { ClientSettings } from './client-settings.ts';
import type { EchAnswers } from './ech-answers.ts';
import { EncryptedOffer } from './encrypted-offer.ts';
import type { StartOffer } from './hello-offer.ts';

/** All that a client does of Encrypted Client Hello. */
export interface EncryptedHellos extends EchAnswers {
  /**
   * Chooses the config that a connection's ECHConfigList is used with (RFC 9849 §6.1).
   * @returns `undefined` when there is no list, or none of it can be used and the caller wants to go on without
   * @throws TlsError `ERR_TLS_CONFIG` when nothing of it can be used and the caller does not say so, or TLS 1.3 is off: nothing is then
   *   sent in the clear
   */
  choose(settings: ClientSettings, options: ClientEngineOptions): StartOffer | undefined;
}

export const encryptedHellos: EncryptedHellos = {
  choose,
  decoy: (crypto) => greaseEch(crypto),
  checkAnswerToDecoy(body) {
    decodeHelloRetryEch(body);
  },
  readRetryConfigs: decodeRetryConfigs,
};

function choose(
  { crypto, speaksTls13 }: ClientSettings,
  { echConfigList, unusableEchConfigs = 'refuse' }: ClientEngineOptions,
): StartOffer | undefined {
  if (echConfigList === undefined) return undefined;
  const selection = selectEchConfig(readEchConfigOption(echConfigList), crypto.hasHardwareAes);
  if (!speaksTls13) throw badList('it needs TLS 1.3');
  if (selection !== undefined) return (io, settings, choices) => EncryptedOffer.start(io, settings, selection, choices);
  if (unusableEchConfigs === 'refuse') throw badList('it holds no ECHConfig that can be used');
  return undefined;
}

function badList(why: string): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `echConfigList: ${why}`, { option: 'echConfigList' });
}
