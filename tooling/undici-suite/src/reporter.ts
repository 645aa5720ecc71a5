import type { TestEvent } from 'node:test/reporters';

/** A test as `node:test` reports it. */
export interface ReportedTest {
  /** Its name, behind those of the tests and suites that it stands in. */
  readonly name: string;
  readonly kind: 'passed' | 'failed' | 'skipped';
  /** Why it failed. */
  readonly reason?: string;
}

/** Writes a line of JSON for each test that holds no other ones. */
// oxlint-disable-next-line import/no-default-export -- node:test takes a reporter by the default export
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  /** Those whose parents have not been reported, by how deep they stand. */
  const waiting: ReportedTest[][] = [];
  for await (const event of events) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { nesting, name } = event.data;
    const inside = waiting[nesting + 1] ?? [];
    waiting[nesting + 1] = [];
    const own = inside.length > 0 ? inside.map((test) => within(name, test)) : [testOf(event)];
    if (nesting === 0) yield own.map((test) => `${JSON.stringify(test)}\n`).join('');
    else waiting[nesting] = [...(waiting[nesting] ?? []), ...own];
  }
}

function within(name: string, test: ReportedTest): ReportedTest {
  return { ...test, name: `${name} > ${test.name}` };
}

function testOf({ type, data }: Extract<TestEvent, { readonly type: 'test:pass' | 'test:fail' }>): ReportedTest {
  const { name, skip, todo } = data;
  if (skip !== undefined || todo !== undefined) return { name, kind: 'skipped' };
  if (type === 'test:pass') return { name, kind: 'passed' };
  const { error } = data.details as { readonly error: Error };
  // node:test puts what the test threw into an error of its own
  const cause = error.cause instanceof Error ? error.cause : error;
  const { code } = cause as { readonly code?: unknown };
  const [line = ''] = cause.message.split('\n');
  return { name, kind: 'failed', reason: typeof code === 'string' ? `${code}: ${line}` : line };
}
