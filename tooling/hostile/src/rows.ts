import type { ProtocolVersion } from '@org/tls-core';
import type { Attack } from './attack.ts';
import { attacks } from './attacks.ts';
import { isWithinLimits, type RowKind } from './limits.ts';
import { efforts, measure, type Effort, type Measured } from './measure.ts';
import { makePeople } from './people.ts';
import { createSubject, subjectNames, type SubjectName } from './subject.ts';

/** One cell of the table of costs. */
export interface RowKey {
  readonly attack: string;
  readonly on: Attack['on'];
  readonly version: string;
  readonly subject: SubjectName;
}

export interface Row extends RowKey, Measured {
  readonly kind: RowKind;
}

/** Lists all that is measured, without measuring it. */
export function rowKeys(): readonly RowKey[] {
  return cells().map(({ attack, version, subject }) => ({ attack: attack.name, on: attack.on, version, subject }));
}

/** Takes one of so many rows. */
export function sampleOf(keys: readonly RowKey[], every: number): readonly RowKey[] {
  if (!Number.isInteger(every) || every < 1) throw new RangeError(`a sample of one in ${every} cannot be taken`);
  return keys.filter((_, index) => index % every === 0);
}

/**
 * @param isWanted selects rows by their name
 * @yields rows; one over its limits comes only when it was so five times, four of them thoroughly, because other work on the machine can only
 *   add to what is measured
 */
export async function* measureRows(effort: Effort, isWanted: (key: RowKey) => boolean): AsyncGenerator<Row> {
  const people = await makePeople();
  for (const { attack, version, subject } of cells()) {
    const key = { attack: attack.name, on: attack.on, version, subject };
    if (!isWanted(key)) continue;
    const kind = kindOf(attack, subject);
    const stage = await attack.stage({ subject, backend: createSubject(subject), version, people });
    let measured = await measure(stage, effort);
    for (let again = 0; again < 4 && !isWithinLimits({ kind, ...measured }); again += 1) {
      const next = await measure(stage, efforts.thorough);
      measured = { ...next, ratio: Math.min(next.ratio, measured.ratio), held: Math.min(next.held, measured.held) };
    }
    yield { ...key, kind, ...measured };
  }
}

function kindOf({ isOpen = false, isReadByLibrary = false }: Attack, subject: SubjectName): RowKind {
  if (isOpen) return 'open';
  return isReadByLibrary && subject === 'native' ? 'library' : 'before';
}

function cells(): readonly {
  readonly attack: Attack;
  readonly version: ProtocolVersion;
  readonly subject: SubjectName;
}[] {
  return attacks.flatMap((attack) =>
    attack.versions.flatMap((version) =>
      subjectNames
        .filter((subject) => attack.subjects?.includes(subject) ?? true)
        .map((subject) => ({ attack, version, subject })),
    ),
  );
}
