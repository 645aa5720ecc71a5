import type { UnusableEchConfigs } from '../engine.ts';
import { isTlsError, type TlsError } from '../tls-error.ts';

/**
 * Connects with an ECHConfigList. Where the server rejects it, this connects once more on a new connection (RFC 9849 §6.1.6): with the
 * configs that the server gave, or without any where it has turned ECH off and the caller allows that. The engine has authenticated the
 * rejection, since a server that cannot prove the public name ends in a certificate error. What a server gives is used for this one
 * connection and is kept nowhere (§6.1.8).
 * @param connect makes a new connection at each call
 * @throws TlsError what the second attempt fails with, which may be a second rejection; the first rejection where nothing is left to try
 */
export async function retryRejected<Connection>(
  connect: (echConfigList: Uint8Array | undefined) => Promise<Connection>,
  echConfigList: Uint8Array,
  unusable: UnusableEchConfigs,
): Promise<Connection> {
  let rejection: TlsError;
  try {
    return await connect(echConfigList);
  } catch (error) {
    if (!isTlsError(error) || error.code !== 'ERR_TLS_ECH_REJECTED') throw error;
    rejection = error;
  }
  const { retryConfigs } = rejection;
  // the server says that it does no ECH, and to go on without it would show the name to the network
  if (retryConfigs === undefined && unusable === 'refuse') throw rejection;
  try {
    return await connect(retryConfigs);
  } catch (error) {
    // a list of which nothing can be used means the same as none
    throw isTlsError(error) && error.option === 'echConfigList' ? rejection : error;
  }
}
