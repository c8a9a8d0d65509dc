import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pageFrame } from './page-frame.ts';
import { PAGE_SCRIPT } from './page-script.ts';

interface PageBuild {
  bundlePage(): Promise<string>;
  pinFrame(python: string, frame: { before: string; after: string }): string;
}

describe('what an exhibit of this build carries', () => {
  it('is the script that the sources give, and verify.py knows the frame around it (else: npm run build:page)', async () => {
    const build = (await import(new URL('../../build-page.mjs', import.meta.url).href)) as PageBuild;
    expect((await build.bundlePage()) === PAGE_SCRIPT).toBe(true);
    const python = readFileSync(new URL('../verify.py', import.meta.url), 'utf8');
    expect(build.pinFrame(python, pageFrame(PAGE_SCRIPT)) === python).toBe(true);
  });

  it('reaches for no network, no storage and no code from elsewhere', () => {
    expect(PAGE_SCRIPT).not.toMatch(
      /\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|localStorage|indexedDB)\b/,
    );
    expect(PAGE_SCRIPT).not.toMatch(/\beval\(|new Function\b|\bimport\(/);
  });

  it('has a verifier for Python of at most 300 lines that imports the standard library only', () => {
    const python = readFileSync(new URL('../verify.py', import.meta.url), 'utf8');
    const imports = [...python.matchAll(/^(?:import|from) (.+)$/gm)].map(([, what]) => what);
    expect(imports).toEqual([
      'base64, bisect, datetime, hashlib, json, os, re, shutil, subprocess, sys, tempfile, zipfile',
    ]);
    expect(python.trimEnd().split('\n').length).toBeLessThanOrEqual(300);
  });
});
