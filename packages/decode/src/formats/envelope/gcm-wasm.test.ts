import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { describe, expect, test } from 'vitest';

interface Build {
  compileWasm(): Promise<Uint8Array>;
  wrapWasm(binary: Uint8Array): string;
}

declare const WebAssembly: {
  readonly Module: { new (bytes: Uint8Array): object; imports(module: object): unknown[] };
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

const build = new URL('../../../build-wasm.mjs', import.meta.url);
const generated = new URL('./gcm-wasm.wasm.ts', import.meta.url);

function hasCompiler(): boolean {
  try {
    // Not by resolving: the compiler has an entry for `import` only.
    if (findPackageJSON('assemblyscript', import.meta.url) !== undefined) return true;
  } catch {}
  console.warn('gcm-wasm.wasm.ts is not compared with a fresh build: assemblyscript is not installed');
  return false;
}

describe('gcm-wasm.wasm.ts', () => {
  test.skipIf(!hasCompiler())('is what assembly/ compiles to', async () => {
    const { compileWasm, wrapWasm } = (await import(build.href)) as Build;
    expect(wrapWasm(await compileWasm())).toBe(readFileSync(generated, 'utf8'));
  });

  test('imports nothing and has memory of a fixed size', async () => {
    const { GCM_WASM } = await import('./gcm-wasm.wasm.ts');
    const module = new WebAssembly.Module(Buffer.from(GCM_WASM, 'base64'));
    expect(WebAssembly.Module.imports(module)).toEqual([]);
    const { memory } = new WebAssembly.Instance(module).exports as { memory: { grow(pages: number): number } };
    expect(() => memory.grow(1)).toThrow(RangeError);
  });
});
