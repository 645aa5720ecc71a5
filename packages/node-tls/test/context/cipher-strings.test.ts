import { DEFAULT_CIPHERS } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { cipherNameOf, cipherNames } from '../../src/context/cipher-names.ts';
import { chooseCiphers } from '../../src/context/cipher-strings.ts';
import { nodeOffer } from './support/node-client-hello.ts';

const texts = [
  DEFAULT_CIPHERS,
  'DEFAULT',
  'DEFAULT:!AES128',
  'DEFAULT@SECLEVEL=0',
  'DEFAULT:@SECLEVEL=1',
  'ALL',
  'HIGH',
  'HIGH:!aNULL:!MD5',
  'HIGH:!aNULL:!eNULL:!EXPORT:!RC4:!MD5',
  'ECDHE+AESGCM',
  'EECDH+AESGCM:EDH+AESGCM',
  'EECDH+CHACHA20:EECDH+AES128:RSA+AES128:EECDH+AES256:!MD5',
  'ECDH+AESGCM:DH+AESGCM:ECDH+AES256',
  'kEECDH+aECDSA',
  'kECDHE+aRSA+AESGCM+AES128',
  'ECDSA:aRSA',
  'aRSA:+AES256',
  'AES128:AES256:-AES128:AES128',
  'AESGCM:CHACHA20:+AESGCM:@STRENGTH',
  'AES128:CHACHA20:AES256:@STRENGTH',
  'ALL:-ECDSA:-CHACHA20:ALL',
  'ALL:!ECDSA:ALL',
  'FIPS',
  'TLSv1.2',
  'TLSv1.2+AES128',
  'CHACHA20,AESGCM',
  'CHACHA20 AES128;AES256',
  'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-AES128-GCM-SHA256:nothing:NO-SUCH-SUITE',
  'ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA',
  'ECDHE-RSA-AES128-GCM-SHA256:DEFAULT',
  'TLS_AES_128_GCM_SHA256',
  'TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256',
  'TLS_AES_128_GCM_SHA256:ECDHE+CHACHA20:TLS_AES_256_GCM_SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384::TLS_AES_256_GCM_SHA384',
];

describe('a cipher string', () => {
  it.each(texts)('chooses what OpenSSL chooses, in its order: %s', async (ciphers) => {
    const { tls13, tls12 } = chooseCiphers(ciphers);
    expect([...tls13, ...tls12]).toEqual((await nodeOffer({ ciphers })).cipherSuites);
  });

  it('chooses what OpenSSL chooses, for rules that are put together at random', async () => {
    let state = 20_261_129;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return (state >>> 8) % below;
    };
    const words =
      'ALL HIGH ECDHE kECDHE EECDH ECDSA aECDSA aRSA AES AES128 AES256 AESGCM CHACHA20 TLSv1.2 FIPS SHA384 RSA'.split(
        ' ',
      );
    const pick = (list: readonly string[]): string => list[random(list.length)] ?? '';
    const rule = (): string => pick(['', '', '', '-', '+', '!']) + pick(words) + pick(['', '', `+${pick(words)}`]);
    for (let round = 0; round < 300; round += 1) {
      const rules = Array.from({ length: 1 + random(6) }, rule);
      if (random(4) === 0) rules.push('@STRENGTH');
      const ciphers = ['TLS_AES_128_GCM_SHA256', 'AES128-SHA', ...rules].join(':');
      // OpenSSL refuses an empty list, and then there is nothing to compare
      // oxlint-disable-next-line no-await-in-loop
      const offer = await nodeOffer({ ciphers }).catch(() => undefined);
      if (offer === undefined) continue;
      const { tls13, tls12 } = chooseCiphers(ciphers);
      expect([ciphers, ...tls13, ...tls12]).toEqual([ciphers, ...offer.cipherSuites]);
    }
  });

  it('chooses nothing where OpenSSL’s choice has nothing of ours', () => {
    expect(chooseCiphers('AES128-SHA').tls12).toEqual([]);
    expect(chooseCiphers('TLS_AES_128_CCM_SHA256:kRSA')).toEqual({ tls13: [], tls12: [] });
  });
});

describe('the names of suites', () => {
  it('are OpenSSL’s, with IANA’s beside them', () => {
    expect(cipherNameOf('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256')).toEqual({
      name: 'ECDHE-RSA-AES128-GCM-SHA256',
      standardName: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      version: 'TLSv1.2',
    });
    expect(cipherNameOf('TLS_AES_128_GCM_SHA256').version).toBe('TLSv1.3');
  });

  it('are among those of Node’s getCiphers', async () => {
    const { getCiphers } = await import('node:tls');
    expect(getCiphers()).toEqual(expect.arrayContaining(cipherNames()));
    expect(cipherNames(['TLS_AES_128_GCM_SHA256'])).toEqual(['tls_aes_128_gcm_sha256']);
  });
});
