import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base58Check, bitcoinBase58 } from './base58.ts';
import { isWitnessProgram, readBech32 } from './bech32.ts';
import { callingCodeLength } from './calling-codes.ts';
import { keccak256, sha3 } from './keccak.ts';
import { luhnHolds } from './luhn.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');

describe('Keccak', () => {
  it('is Keccak-256 of the original submission', () => {
    expect(hex(keccak256(bytes('')))).toBe('c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
    expect(hex(keccak256(bytes('abc')))).toBe('4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45');
  });

  it('is SHA3-256, as node:crypto has it, at any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (input) => {
        expect(hex(sha3(input))).toBe(createHash('sha3-256').update(input).digest('hex'));
      }),
      { numRuns: 100 },
    );
  });
});

describe('bech32', () => {
  // BIP-173 and BIP-350, test vectors.
  it.each([
    ['BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4', 2, true],
    ['tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7', 2, true],
    ['bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y', 2, true],
    ['BC1SW50QGDZ25J', 2, true],
    ['bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0', 2, true],
    ['bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7k7grplx', 2, false],
    ['bc1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd', 2, false],
    ['bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du', 2, false],
    ['BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P', 2, false],
  ])('%s', (text, prefix, valid) => {
    const read = readBech32(bytes(text), 0, text.length, prefix);
    expect(read !== null && isWitnessProgram(read)).toBe(valid);
  });
});

describe('base58check', () => {
  it('keeps leading zeros and refuses every change of one character', () => {
    const address = '1BoatSLRHtKNngkdXEeobR76b53LETtpyT';
    expect(base58Check(bytes(address), 0, address.length, bitcoinBase58)).toHaveLength(21);
    for (let i = 0; i < address.length; i++) {
      const changed = bytes(address.slice(0, i) + (address[i] === 'z' ? 'y' : 'z') + address.slice(i + 1));
      expect(base58Check(changed, 0, changed.length, bitcoinBase58)).toBeNull();
    }
  });
});

describe('Luhn', () => {
  it('holds for exactly one last digit in ten', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 19 }), (digits) => {
        const fitting = Array.from({ length: 10 }, (_, last) =>
          luhnHolds(Uint8Array.of(...digits, last), digits.length + 1),
        );
        expect(fitting.filter(Boolean)).toHaveLength(1);
      }),
    );
  });
});

describe('calling codes', () => {
  it.each([
    ['31612345678', 2],
    ['12025550123', 1],
    ['11234567890', 0],
    ['999123456789', 0],
    ['35312345678', 3],
    ['491', 0],
  ])('%s has a country code of %i digits', (number, length) => {
    const digits = Uint8Array.from(number, Number);
    expect(callingCodeLength(digits, digits.length)).toBe(length);
  });
});
