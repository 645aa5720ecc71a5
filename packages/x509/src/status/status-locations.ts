import { DerReader } from '@org/tls-crypto/der';
import type { Certificate } from '../certificate.ts';
import { readGeneralName } from '../names/general-name.ts';

/** How many places are asked for the same thing; a certificate names one or two. */
const maxPlaces = 2;
const maxUrlLength = 2048;

/** Gives the URLs of a certificate's OCSP responders that can be asked. */
export function ocspResponders({ ocspResponders: names = [] }: Certificate): readonly URL[] {
  return usable(names);
}

/** Gives the URLs of a certificate's revocation lists (RFC 5280 §4.2.1.13) that can be fetched. */
export function listLocations({ crlDistributionPoints = [] }: Certificate): readonly URL[] {
  return usable(
    crlDistributionPoints.flatMap((der) => {
      const name = readGeneralName(new DerReader(der, 'cRLDistributionPoints'));
      return name.kind === 'uri' ? [name.name] : [];
    }),
  );
}

/** A certificate may name anything: of what it names, only what HTTP can fetch is asked, and without credentials. */
function usable(names: readonly string[]): readonly URL[] {
  return names.flatMap((name) => parsed(name) ?? []).slice(0, maxPlaces);
}

function parsed(name: string): URL | undefined {
  if (name.length > maxUrlLength || !/^https?:\/\//iu.test(name) || !URL.canParse(name)) return undefined;
  const url = new URL(name);
  if (url.username !== '' || url.password !== '') return undefined;
  url.hash = '';
  return url;
}
