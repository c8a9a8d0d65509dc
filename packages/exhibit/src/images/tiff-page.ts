import { encodeGroup4, type GreyPage } from './group-4.ts';

/** TIFF 6.0, section 2: types of field values. */
const [SHORT, LONG, RATIONAL] = [3, 4, 5] as const;
const HEADER_LENGTH = 8;
const ENTRY_LENGTH = 12;

/**
 * One page as a TIFF file (TIFF 6.0, Group 4 in one strip, little endian), as review platforms load page images. It says
 * neither when nor by what it was made.
 */
export function tiffPage(page: GreyPage, dotsPerInch: number): Uint8Array {
  const strip = encodeGroup4(page);
  const fields: readonly (readonly [tag: number, type: number, value: number])[] = [
    [254, LONG, 0], // NewSubfileType
    [256, LONG, page.width],
    [257, LONG, page.height],
    [258, SHORT, 1], // BitsPerSample
    [259, SHORT, 4], // Compression: T.6
    [262, SHORT, 0], // PhotometricInterpretation: white is zero
    [266, SHORT, 1], // FillOrder: most significant bit first
    [273, LONG, 0], // StripOffsets, told below
    [277, SHORT, 1], // SamplesPerPixel
    [278, LONG, page.height], // RowsPerStrip
    [279, LONG, strip.length], // StripByteCounts
    [282, RATIONAL, 0], // XResolution, told below
    [283, RATIONAL, 0], // YResolution
    [293, LONG, 0], // T6Options
    [296, SHORT, 2], // ResolutionUnit: inch
  ];
  const resolutionAt = HEADER_LENGTH + 2 + fields.length * ENTRY_LENGTH + 4;
  const stripAt = resolutionAt + 8;
  const bytes = new Uint8Array(stripAt + strip.length);
  const view = new DataView(bytes.buffer);
  // "II", 42, and where the directory is.
  view.setUint32(0, 0x002a4949, true);
  view.setUint32(4, HEADER_LENGTH, true);
  view.setUint16(HEADER_LENGTH, fields.length, true);
  for (const [i, [tag, type, value]] of fields.entries()) {
    const at = HEADER_LENGTH + 2 + i * ENTRY_LENGTH;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, 1, true);
    view.setUint32(at + 8, tag === 273 ? stripAt : type === RATIONAL ? resolutionAt : value, true);
  }
  view.setUint32(resolutionAt, dotsPerInch, true);
  view.setUint32(resolutionAt + 4, 1, true);
  bytes.set(strip, stripAt);
  return bytes;
}
