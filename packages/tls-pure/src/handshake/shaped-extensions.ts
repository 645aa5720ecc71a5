import type { Extension, ExtensionCarrier } from '../wire/extension.ts';
import type { CommonSettings } from './settings.ts';

/** The extensions of a message as they are sent: as they were planned, unless a test has changed them by its overrides. */
export function shapedExtensions(
  { overrides }: Pick<CommonSettings, 'overrides'>,
  carrier: ExtensionCarrier,
  planned: readonly Extension[],
): readonly Extension[] {
  return overrides.shapeExtensions?.(carrier, planned) ?? planned;
}
