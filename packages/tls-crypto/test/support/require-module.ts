import { wasmModule, type WasmModule } from '../../src/wasm/module.ts';

export function requireModule(): WasmModule {
  const instance = wasmModule();
  if (instance === undefined) throw new Error('this runtime has no WebAssembly');
  return instance;
}
