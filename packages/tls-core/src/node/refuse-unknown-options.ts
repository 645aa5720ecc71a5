/** @throws TypeError on an own key that is not known; nothing is silently ignored */
export function refuseUnknownOptions(options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((option) => !known.includes(option));
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\`; known: ${known.join(', ')}`);
}
