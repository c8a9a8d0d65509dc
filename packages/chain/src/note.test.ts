import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64Decode, base64Encode, concatBytes, utf8Encode } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signerOf, verifySignature } from '../../../test/chain-ports.ts';
import { describeWithShared } from '../../../test/shared-folder.ts';
import { encodeNote, readNote, signNote, verifyNote } from './note.ts';
import { COSIGNATURE_TYPE, encodeVerifierKey, readVerifierKey, verifierKey } from './verifier-key.ts';

const alice = signerOf(new Uint8Array(32).fill(1));
const bob = signerOf(new Uint8Array(32).fill(2));
const aliceKey = verifierKey('alice.example', alice.publicKey);
const bobKey = verifierKey('bob.example', bob.publicKey);
const note = signNote('a text\nof two lines\n', 'alice.example', alice);
const [aliceLine] = readNote(note).signatures;
if (aliceLine === undefined) throw new Error('no signature');

function malformed(text: string | Uint8Array): void {
  expect(() => readNote(text)).toThrow(expect.objectContaining({ code: 'NOTE_MALFORMED' }));
}

function code(wanted: string): unknown {
  return expect.objectContaining({ code: wanted });
}

describe('verifier keys', () => {
  it('round-trip', () => {
    expect(readVerifierKey(encodeVerifierKey(aliceKey))).toEqual(aliceKey);
  });

  it('are refused with any byte changed or left out', () => {
    const text = encodeVerifierKey(aliceKey);
    for (let i = 0; i < text.length; i++) {
      const raised = text.slice(0, i) + String.fromCharCode(text.charCodeAt(i) + 1) + text.slice(i + 1);
      for (const wrong of [raised, text.slice(0, i), text.slice(i + 1), text.slice(0, i) + text.slice(i + 1)]) {
        expect(() => readVerifierKey(wrong), wrong).toThrow(code('VERIFIER_KEY_MALFORMED'));
      }
    }
  });

  it('are refused for names that a note cannot carry', () => {
    for (const name of ['', 'two words', 'a+b', 'a\u00a0b', 'a\nb', 'a\u2003b', '\ud800']) {
      expect(() => verifierKey(name, alice.publicKey), name).toThrow(code('CHAIN_ARGUMENT_INVALID'));
    }
  });
});

describe('a note', () => {
  it('verifies under its key and tells who signed', () => {
    const { text, signers } = verifyNote(note, [bobKey, aliceKey], verifySignature);
    expect(text).toBe('a text\nof two lines\n');
    expect(signers).toEqual([{ key: aliceKey }]);
    expect(verifyNote(utf8Encode(note), [aliceKey], verifySignature).text).toBe(text);
  });

  it('counts a key once however often it signed', () => {
    const twice = encodeNote({ text: readNote(note).text, signatures: [aliceLine, aliceLine] });
    expect(verifyNote(twice, [aliceKey], verifySignature).signers.length).toBe(1);
  });

  it('leaves lines by unknown keys aside', () => {
    const stranger = { name: 'carol.example', id: new Uint8Array(4), signature: new Uint8Array(9) };
    const mixed = encodeNote({ text: readNote(note).text, signatures: [stranger, aliceLine, stranger] });
    expect(verifyNote(mixed, [aliceKey], verifySignature).signers.length).toBe(1);
    expect(() => verifyNote(mixed, [bobKey], verifySignature)).toThrow(code('NOTE_UNVERIFIED'));
  });

  it('is refused whole when a configured key has a bad line, beside a good one too', () => {
    const forged = { name: bobKey.name, id: bobKey.id, signature: new Uint8Array(64) };
    const mixed = encodeNote({ text: readNote(note).text, signatures: [aliceLine, forged] });
    expect(() => verifyNote(mixed, [aliceKey, bobKey], verifySignature)).toThrow(code('NOTE_SIGNATURE_INVALID'));
    const short = { ...forged, signature: new Uint8Array(63) };
    const shortened = encodeNote({ text: readNote(note).text, signatures: [aliceLine, short] });
    expect(() => verifyNote(shortened, [aliceKey, bobKey], verifySignature)).toThrow(code('NOTE_SIGNATURE_INVALID'));
    expect(verifyNote(mixed, [aliceKey], verifySignature).signers.length).toBe(1);
  });

  it('is not checked with two keys of one name and id', () => {
    const twin = { ...bobKey, name: aliceKey.name, id: aliceKey.id };
    expect(() => verifyNote(note, [aliceKey, twin], verifySignature)).toThrow(code('VERIFIER_KEYS_COLLIDE'));
  });

  it('has from 1 to 100 signatures', () => {
    const { text } = readNote(note);
    const many = (count: number) => encodeNote({ text, signatures: new Array(count).fill(aliceLine) });
    expect(readNote(many(16)).signatures.length).toBe(16);
    expect(readNote(many(100)).signatures.length).toBe(100);
    malformed(many(101));
    malformed(many(0));
  });

  it('is refused for every breach of its form', () => {
    const { text } = readNote(note);
    const line = note.slice(text.length + 1);
    const encoded = base64Encode(concatBytes([aliceLine.id, aliceLine.signature]));
    malformed('');
    malformed(text);
    malformed(`${text}\n`);
    malformed(note.slice(0, -1));
    malformed(`${note}more\n`);
    malformed(`${note}\n`);
    malformed(`\n\n${line}`);
    malformed(`a\tb\n\n${line}`);
    malformed(`a\r\n\n${line}`);
    malformed(`a\u0000\n\n${line}`);
    malformed(`a\ud800\n\n${line}`);
    malformed(concatBytes([Uint8Array.of(0xff), utf8Encode(note)]));
    malformed(`a\n\n- alice.example ${encoded}\n`);
    malformed(`a\n\n\u2014  alice.example ${encoded}\n`);
    malformed(`a\n\n\u2014 al+ice ${encoded}\n`);
    malformed(`a\n\n\u2014 alice.example\n`);
    malformed(`a\n\n\u2014 alice.example ${encoded} \n`);
    malformed(`a\n\n\u2014 alice.example ${encoded.slice(0, -1)}\n`);
    malformed(`a\n\n\u2014 alice.example AAAAAA==\n`);
    malformed(`a\n\n\u2014 alice.example ${encoded.replace(/.=$/, (end) => (end[0] === 'B' ? 'C=' : 'B='))}\n`);
    malformed('x'.repeat((1 << 20) + 1));
  });

  it('never verifies with one byte changed', () => {
    const bytes = utf8Encode(note);
    for (let i = 0; i < bytes.length; i++) {
      const changed = bytes.slice();
      changed[i] = (changed[i] as number) ^ 1;
      expect(() => verifyNote(changed, [aliceKey], verifySignature), `byte ${i}`).toThrow();
    }
    for (let i = 0; i < bytes.length; i++) expect(() => readNote(bytes.subarray(0, i)), `cut at ${i}`).toThrow();
  });

  it('reads or refuses anything, and reads what it writes', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom('\n', '\n\n', '\u2014 ', ' ', 'a.example', 'AAAAAAA='),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          const read = readNote(pieces.join(''));
          expect(readNote(encodeNote(read))).toEqual(read);
        } catch (error) {
          expect(error).toMatchObject({ code: 'NOTE_MALFORMED' });
        }
      }),
      { numRuns: 300 },
    );
  });
});

describeWithShared('notes of golang/mod, C2SP and Sunlight', (shared) => {
  const integrity = join(shared, 'vectors/integrity');
  const notes = JSON.parse(readFileSync(join(integrity, 'transcribed/signed-note.json'), 'utf8')) as {
    vkeys: Record<string, string>;
    badVkeys: string[];
    text: string;
    peterSig: string;
    enochSig: string;
    c2spNote: string;
    badNotesBase64: { desc: string; b64: string }[];
  };
  const key = (name: string) => readVerifierKey(notes.vkeys[name] as string);

  it('verifies the good ones', () => {
    const both = `${notes.text}\n${notes.peterSig}${notes.enochSig}`;
    const { signers } = verifyNote(both, [key('PeterNeumann'), key('EnochRoot')], verifySignature);
    expect(signers.map((signer) => signer.key.name)).toEqual(['PeterNeumann', 'EnochRoot']);
    expect(verifyNote(notes.c2spNote, [key('c2sp')], verifySignature).text).toBe('This is an example message.\n');
  });

  it.each(notes.badVkeys)('refuses the key %s', (text) => {
    expect(() => readVerifierKey(text)).toThrow(code('VERIFIER_KEY_MALFORMED'));
  });

  it.each(notes.badNotesBase64.map(({ desc, b64 }) => [desc, b64] as const))('refuses: %s', (desc, b64) => {
    const wanted = desc === 'known key, bad signature' ? 'NOTE_SIGNATURE_INVALID' : 'NOTE_MALFORMED';
    expect(() => verifyNote(base64Decode(b64), [key('PeterNeumann')], verifySignature)).toThrow(code(wanted));
  });

  it('verifies a witness cosignature and gives its time', () => {
    const example = join(integrity, 'custody-worked-example');
    const { witnessVkey, logVkey } = JSON.parse(readFileSync(join(example, 'example.json'), 'utf8')) as Record<
      string,
      string
    >;
    const keys = [readVerifierKey(logVkey as string), readVerifierKey(witnessVkey as string)];
    const { signers } = verifyNote(readFileSync(join(example, 'checkpoint')), keys, verifySignature);
    expect(signers.map((signer) => signer.key.type)).toEqual([1, COSIGNATURE_TYPE]);
    expect(signers[1]?.time).toBe(1767225700);
  });
});
