import { TlsError, type ClientEngineOptions } from '@org/tls-core';
import { readEchConfigOption, selectEchConfig, type EchSelection } from '../ech/ech-config.ts';
import type { ClientSettings } from './client-settings.ts';

/**
 * The config that a connection's ECHConfigList is used with (RFC 9849 §6.1).
 * @returns `undefined` when there is no list, or none of it can be used and the caller wants to go on without
 * @throws TlsError `ERR_TLS_CONFIG` when nothing of it can be used and the caller does not say so, or TLS 1.3 is off: nothing is then
 *   sent in the clear
 */
export function chooseEchConfig(
  { crypto, speaksTls13 }: ClientSettings,
  { echConfigList, unusableEchConfigs = 'refuse' }: ClientEngineOptions,
): EchSelection | undefined {
  if (echConfigList === undefined) return undefined;
  const selection = selectEchConfig(readEchConfigOption(echConfigList), crypto.hasHardwareAes);
  if (!speaksTls13) throw badList('it needs TLS 1.3');
  if (selection === undefined && unusableEchConfigs === 'refuse')
    throw badList('it holds no ECHConfig that can be used');
  return selection;
}

function badList(why: string): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `echConfigList: ${why}`, { option: 'echConfigList' });
}
