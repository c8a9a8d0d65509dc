import type { CipherName, Recipe, Step } from './recipe.ts';
import { bytesIn, namesIn } from './recipe-fields.ts';

/** What each cipher needs besides key and ciphertext, and what it cannot use. */
const NEEDS: Readonly<Record<CipherName, { readonly needs: string; readonly takes: string }>> = {
  'aes-gcm': { needs: 'iv', takes: 'tag aad' },
  'aes-ccm': { needs: 'iv tag', takes: 'aad' },
  'aes-cbc': { needs: 'iv', takes: 'padding' },
  'aes-ctr': { needs: 'iv', takes: '' },
  'a128cbc-hs256': { needs: 'iv tag', takes: 'aad' },
  'a192cbc-hs384': { needs: 'iv tag', takes: 'aad' },
  'a256cbc-hs512': { needs: 'iv tag', takes: 'aad' },
  'aes-gcm-siv': { needs: 'iv', takes: 'tag aad' },
  'aes-siv': { needs: '', takes: 'iv tag aad' },
  'chacha20-poly1305': { needs: 'iv tag', takes: 'aad' },
  'xchacha20-poly1305': { needs: 'iv', takes: 'tag aad' },
  secretbox: { needs: 'iv', takes: 'tag' },
  box: { needs: 'iv public', takes: 'tag' },
  'sealed-box': { needs: '', takes: 'public' },
};

/** What a schema cannot say of a recipe: names used before they are made, parts that a cipher lacks or cannot use. */
export function recipeMistakes(recipe: Recipe, at: string): string[] {
  const out: string[] = [];
  const made = new Set<string>();
  recipe.steps.forEach((step, i) => {
    const where = `${at}/steps/${i}`;
    for (const { bytes, where: place } of bytesIn(step)) {
      for (const { name, where: exact } of namesIn(bytes, `${where}${place}`)) {
        if (!made.has(name)) out.push(`${exact}: no step before makes "${name}"`);
      }
    }
    out.push(...stepMistakes(step, where));
    if (!('as' in step)) return;
    if (made.has(step.as)) out.push(`${where}/as: "${step.as}" is made twice`);
    made.add(step.as);
  });
  if (made.size === 0) out.push(`${at}/steps: no step makes the plaintext`);
  const { inner } = recipe;
  if (inner.kind === 'json' && inner.body === undefined && inner.fields === undefined)
    out.push(`${at}/inner: give "body" or "fields"`);
  return out;
}

function stepMistakes(step: Step, where: string): string[] {
  if (step.do === 'unwrap') {
    const oaep = step.wrap === 'rsa-oaep';
    return ['hash', 'mgf1Hash', 'label']
      .filter((name) => name in step && !oaep)
      .map((name) => `${where}/${name}: only RSA-OAEP has one`);
  }
  if (step.do !== 'decrypt') return [];
  const { needs, takes } = NEEDS[step.cipher];
  const has = (name: string) => name in step;
  const words = (text: string) => text.split(' ').filter((word) => word !== '');
  return [
    ...words(needs)
      .filter((name) => !has(name))
      .map((name) => `${where}: ${step.cipher} needs "${name}"`),
    ...['iv', 'tag', 'aad', 'padding', 'public']
      .filter((name) => has(name) && !words(`${needs} ${takes}`).includes(name))
      .map((name) => `${where}/${name}: ${step.cipher} has none`),
  ];
}
