/** The part of WebAssembly that is used here: TypeScript declares it for browsers only. */

export type WasmMemory = { readonly buffer: ArrayBuffer; grow(pages: number): number };

type WasmModule = object;

type WebAssemblyApi = {
  Memory: new (size: { initial: number }) => WasmMemory;
  Module: new (bytes: Uint8Array) => WasmModule;
  Instance: new (module: WasmModule, imports: { env: { memory: WasmMemory } }) => { exports: unknown };
};

/** The global of that name. */
export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
