/** undici has no types for what is its own. */
declare module 'undici/lib/core/symbols.js' {
  const symbols: Readonly<Record<string, symbol>>;
  export default symbols;
}
