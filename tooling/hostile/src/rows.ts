import type { Attack } from './attack.ts';
import { attacks } from './attacks.ts';
import { measure, type Measured } from './measure.ts';
import { makePeople } from './people.ts';
import { createSubject, subjectNames, type SubjectName } from './subject.ts';

/** One cell of the table of costs. */
export interface RowKey {
  readonly attack: string;
  readonly on: Attack['on'];
  readonly version: string;
  readonly subject: SubjectName;
}

export type Row = RowKey & Measured;

/** All that is measured, without measuring it. */
export function rowKeys(): readonly RowKey[] {
  return cells().map(({ attack, version, subject }) => ({ attack: attack.name, on: attack.on, version, subject }));
}

/** @param isWanted picks by the name of a row; default: all */
export async function* measureRows(isWanted: (key: RowKey) => boolean = () => true): AsyncGenerator<Row> {
  const people = await makePeople();
  for (const { attack, version, subject } of cells()) {
    const key = { attack: attack.name, on: attack.on, version, subject };
    if (!isWanted(key)) continue;
    const stage = await attack.stage({ subject, backend: createSubject(subject), version, people });
    yield { ...key, ...(await measure(stage)) };
  }
}

function cells() {
  return attacks.flatMap((attack) =>
    attack.versions.flatMap((version) =>
      subjectNames
        .filter((subject) => attack.subjects?.includes(subject) ?? true)
        .map((subject) => ({ attack, version, subject })),
    ),
  );
}
