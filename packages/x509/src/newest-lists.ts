import { hex } from '@org/tls-core/backend';
import type { CertificateList } from './certificate-list.ts';
import { nameKey } from './names/distinguished-name.ts';

/** A list that stays although it was not found again, and why. */
export interface KeptList {
  readonly list: CertificateList;
  /** `gone`: there is no list of its kind; `older`: there are only lists from before it, or from the future. */
  readonly reason: 'gone' | 'older';
}

/** How many lists stay, and how many bytes of them. Lists that end in a hundred years would otherwise stay for ever. */
const maxKept = 1000;
const maxKeptBytes = 2 ** 26;

/**
 * Says which lists hold when lists are found again and again. A list goes only for a newer one of the same issuer, key and scope, or when it is
 * out of date: a file that is lost, damaged or put back must not make certificates good that were revoked.
 */
export class NewestLists {
  #lists: readonly CertificateList[] = [];

  get lists(): readonly CertificateList[] {
    return this.#lists;
  }

  /**
   * @param found all lists that there are now
   * @param time now, in milliseconds since the epoch
   * @returns the lists that stay beside those that were found; of more than 1,000 or 64 MiB those that end first do not
   */
  update(found: readonly CertificateList[], time: number): readonly KeptList[] {
    const bySeries = new Map<string, CertificateList[]>();
    for (const list of found) {
      const series = seriesOf(list);
      const same = bySeries.get(series);
      if (same === undefined) bySeries.set(series, [list]);
      else same.push(list);
    }
    const worthy = this.#lists.flatMap((list): readonly KeptList[] => {
      const same = bySeries.get(seriesOf(list));
      if (list.nextUpdate <= time || same?.some((other) => replaces(other, list, time)) === true) return [];
      return [{ list, reason: same === undefined ? 'gone' : 'older' }];
    });
    const kept = withinLimits(worthy);
    this.#lists = [...found, ...kept.map(({ list }) => list)];
    return kept;
  }
}

function withinLimits(lists: readonly KeptList[]): readonly KeptList[] {
  let bytes = 0;
  return lists
    .toSorted((left, right) => right.list.nextUpdate - left.list.nextUpdate)
    .slice(0, maxKept)
    .filter(({ list }) => {
      bytes += list.tbsCertificate.length;
      return bytes <= maxKeptBytes;
    });
}

/** Tells whether `list` says at least what `other` says, of later or of the same time. */
function replaces(list: CertificateList, other: CertificateList, time: number): boolean {
  return list.thisUpdate <= time && list.thisUpdate >= other.thisUpdate && !hasLowerNumber(list, other);
}

/** Compares the numbers of lists that both have one (RFC 5280 §5.2.3). */
function hasLowerNumber({ crlNumber: left }: CertificateList, { crlNumber: right }: CertificateList): boolean {
  if (left === undefined || right === undefined) return false;
  // DER has no leading zeros but before a first bit, so that the longer of two positive numbers is the higher one.
  return left.length === right.length ? hex(left) < hex(right) : left.length < right.length;
}

/** Gives a string that two lists share when one can replace the other. */
function seriesOf({ issuer, series }: CertificateList): string {
  return [nameKey(issuer), ...series.map(hex)].join(' ');
}
