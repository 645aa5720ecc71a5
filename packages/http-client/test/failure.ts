import { expect } from 'vitest';

/** What a promise rejects with; it must reject. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return expect.unreachable('expected a rejection');
}

/** The cause of a failed `fetch`, which the Fetch standard wants to be a TypeError. */
export async function causeOf(fetching: Promise<unknown>): Promise<unknown> {
  const error = await failureOf(fetching);
  expect(error).toBeInstanceOf(TypeError);
  return (error as TypeError).cause;
}
