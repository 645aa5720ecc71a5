import { nameOf, numberOf, type Registry } from '@org/tls-core/backend';

/** The names stand in the order of the numbers. The test of the platforms' tables sees to it that none of their numbers lacks a name. */
export function namesOf(registry: Registry, numbers: readonly number[]): readonly string[] {
  return numbers.flatMap((number) => nameOf(registry, number) ?? []);
}

/** The numbers stand in the order of the names. Names that are not registered are left out: no platform can have them. */
export function numbersOf(registry: Registry, names: readonly string[]): readonly number[] {
  return names.flatMap((name) => numberOf(registry, name) ?? []);
}
