import { expect, test } from 'vitest';
import { clientOptions, hookNames, serverOptions } from '@org/tls-core/backend';
import { hookPlaces, hooksOfClientOption, hooksOfServerOption } from '../src/hook-places.ts';

test('every hook of the interface has its places, and each is asked in one at least', () => {
  expect(Object.keys(hookPlaces).sort()).toEqual([...hookNames].sort());
  // a verifier is given to a backend and is no option
  const unasked = Object.entries(hookPlaces).flatMap(([name, places]) => (places.length === 0 ? [name] : []));
  expect(unasked).toEqual(['verifier']);
});

test.each([
  ['client', hooksOfClientOption, clientOptions],
  ['server', hooksOfServerOption, serverOptions],
] as const)('the hooks of each option of a %s are asked where the table says', (role, hooksOfOption, options) => {
  const asked = new Map<string, Set<string>>();
  for (const [name, places] of Object.entries(hookPlaces))
    for (const place of places.filter((each) => each.role === role))
      asked.set(place.option, (asked.get(place.option) ?? new Set()).add(name));
  for (const [option, names] of Object.entries(hooksOfOption)) {
    expect(options).toContain(option);
    expect([...(asked.get(option) ?? [])].sort(), option).toEqual([...names].sort());
  }
  for (const option of asked.keys()) expect(Object.keys(hooksOfOption)).toContain(option);
});
