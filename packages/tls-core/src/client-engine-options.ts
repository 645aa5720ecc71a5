import type { ClientEngineOptions, UnusableEchConfigs } from './backend.ts';
import { alpnProtocols } from './config-rules.ts';
import { badValue, wrongType } from './option-error.ts';
import { bytes } from './option-rule.ts';
import { ownOptions, withoutPrototype } from './own-options.ts';
import { checkServerName } from './server-name.ts';
import { readSession, type TlsSession } from './session.ts';

const known = ['serverName', 'alpnProtocols', 'session', 'earlyData', 'echConfigList', 'unusableEchConfigs'] as const;

/**
 * Checks what differs from one connection to the next. Every backend calls it when an engine is made, so that what cannot be is refused
 * before anything is dialled.
 * @returns a copy, read once: a backend uses it and nothing else
 * @throws TypeError on an unknown option or a value of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a value out of range
 */
export function checkClientEngineOptions(options: ClientEngineOptions): ClientEngineOptions {
  const given = ownOptions(options, known);
  const { serverName, session, earlyData, echConfigList, unusableEchConfigs } = given;
  checkServerName(serverName);
  return withoutPrototype({
    serverName,
    ...(given.alpnProtocols !== undefined && { alpnProtocols: alpnProtocols(given.alpnProtocols, 'alpnProtocols') }),
    ...(session !== undefined && { session: sessionOf(session) }),
    ...(earlyData !== undefined && { earlyData: readEarlyData(earlyData) }),
    ...(echConfigList !== undefined && { echConfigList: bytes(echConfigList, 'echConfigList') }),
    ...(unusableEchConfigs !== undefined && { unusableEchConfigs: readUnusable(unusableEchConfigs) }),
  });
}

function sessionOf(given: unknown): TlsSession {
  const session = readSession(given);
  if (session === undefined) throw wrongType('session', 'a session of an earlier connection', given);
  return session;
}

function readUnusable(value: unknown): UnusableEchConfigs {
  if (value === 'refuse' || value === 'ignore') return value;
  if (typeof value !== 'string') throw wrongType('unusableEchConfigs', 'a string', value);
  throw badValue('unusableEchConfigs', `expected refuse or ignore, got ${value}`);
}

function readEarlyData(value: unknown): boolean | 'once' {
  if (typeof value === 'boolean' || value === 'once') return value;
  if (typeof value !== 'string') throw wrongType('earlyData', 'a boolean or `once`', value);
  throw badValue('earlyData', `expected a boolean or \`once\`, got ${value}`);
}
