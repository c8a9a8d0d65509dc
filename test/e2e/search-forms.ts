/** A text, and the bytes it may stand for, in the forms that a thief would look for. */
export function formsOf(text: string): Buffer[] {
  const raw = Buffer.from(text);
  const forms: Buffer[] = [
    raw,
    Buffer.from(text, 'utf16le'),
    Buffer.from(text.toLowerCase()),
    Buffer.from(text.toUpperCase()),
  ];
  forms.push(Buffer.from(encodeURIComponent(text)), Buffer.from(JSON.stringify(text).slice(1, -1)));
  forms.push(...formsOfBytes(raw));
  // A hash or a key in hex stands for its bytes, too.
  if (/^(?:[0-9a-f]{2}){16,}$/i.test(text)) {
    const bytes = Buffer.from(text, 'hex');
    forms.push(bytes, ...formsOfBytes(bytes));
  }
  return forms.filter((form) => form.length >= 8);
}

function formsOfBytes(bytes: Buffer): Buffer[] {
  const hex = bytes.toString('hex');
  const forms = [hex, hex.toUpperCase()];
  // In base64 a text looks otherwise by where it begins; what depends on its neighbours is cut off.
  for (const before of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const whole = padded.subarray(0, padded.length - (padded.length % 3));
    const inner = before === 0 ? whole.toString('base64') : whole.toString('base64').slice(4);
    forms.push(inner, inner.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms.map((form) => Buffer.from(form));
}

/** Those of the texts that stand in `place` in some form. */
export function foundIn(place: Buffer, texts: Iterable<string>): string[] {
  return [...texts].filter((text) => formsOf(text).some((form) => place.includes(form)));
}
