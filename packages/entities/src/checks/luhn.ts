/** Whether the digits (values 0 to 9) in `digits[0..length)` end in their Luhn check digit (ISO/IEC 7812-1 annex B). */
export function luhnHolds(digits: Uint8Array, length: number): boolean {
  let sum = 0;
  for (let i = length - 1, double = false; i >= 0; i--, double = !double) {
    const digit = digits[i] as number;
    if (!double) sum += digit;
    else sum += digit < 5 ? digit * 2 : digit * 2 - 9;
  }
  return length > 0 && sum % 10 === 0;
}
