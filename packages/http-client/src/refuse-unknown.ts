/** @throws TypeError on an own key that is not known; nothing is silently ignored */
export function refuseUnknown(prefix: string, options: object, known: Readonly<Record<string, true>>): void {
  const unknown = Object.keys(options).find((option) => !Object.hasOwn(known, option));
  if (unknown !== undefined)
    throw new TypeError(`unknown option \`${prefix}${unknown}\`; known: ${Object.keys(known).join(', ')}`);
}
