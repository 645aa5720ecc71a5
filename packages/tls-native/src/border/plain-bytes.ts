/** Copies buffers of the addon: the interface speaks of Uint8Array, and a Buffer would compare and print otherwise. */
export function plain(list: readonly Uint8Array[]): readonly Uint8Array[] {
  return Object.freeze(list.map((bytes) => new Uint8Array(bytes)));
}
