/**
 * Country calling codes assigned in ITU-T E.164 with the shortest and longest national number in use, as
 * `code:least-most`. A code without a range takes the default. Ranges follow the national numbering plans that the ITU
 * publishes, widened where a plan is in motion: a wrong refusal loses evidence, a wrong acceptance costs a look.
 */
const RANGES =
  '1:10-10 7:10-10 20:7-10 27:5-10 30:10-12 31:5-11 32:8-9 33:4-9 34:9-9 36:6-9 39:5-12 40:6-9 41:8-12 43:4-13 ' +
  '44:7-10 45:8-8 46:6-12 47:5-12 48:6-9 49:4-13 51:7-11 52:7-12 53:4-8 54:6-11 55:8-12 56:5-11 57:8-11 58:10-10 ' +
  '60:6-10 61:5-12 62:6-13 63:6-13 64:3-10 65:8-11 66:8-13 81:8-17 82:5-14 84:7-12 86:5-12 90:7-13 91:8-13 92:8-12 ' +
  '93:9-9 94:7-9 95:6-10 98:4-10 211:9-9 212:9-9 213:8-9 216:8-8 218:8-10 220:7-7 221:9-9 222:8-8 223:8-8 224:8-9 ' +
  '225:10-10 226:8-8 227:8-8 228:8-8 229:8-10 230:7-10 231:7-9 232:8-8 233:8-9 234:8-14 235:8-8 236:8-8 237:8-9 ' +
  '238:7-7 239:7-7 240:9-9 241:7-8 242:9-9 243:7-10 244:9-9 245:7-9 246:7-7 247:4-6 248:6-7 249:9-9 250:8-9 251:9-9 ' +
  '252:6-9 253:8-8 254:7-10 255:7-9 256:9-9 257:8-8 258:8-9 260:9-9 261:7-9 262:9-9 263:5-10 264:8-10 265:7-9 ' +
  '266:8-8 267:7-10 268:8-9 269:7-7 290:4-5 291:7-7 297:7-7 298:6-6 299:6-6 350:8-8 351:9-9 352:4-11 353:7-10 ' +
  '354:7-9 355:6-9 356:8-8 357:8-8 358:5-12 359:6-12 370:8-10 371:8-8 372:4-10 373:8-8 374:5-8 375:6-11 376:6-9 ' +
  '377:8-9 378:6-12 380:9-10 381:6-12 382:4-9 383:8-12 385:6-10 386:5-8 387:8-9 389:6-8 420:9-12 421:6-9 423:7-9 ' +
  '500:5-5 501:7-11 502:8-11 503:7-11 504:8-11 505:8-8 506:8-10 507:7-11 508:6-9 509:8-8 590:9-9 591:8-9 592:7-7 ' +
  '593:8-11 594:9-9 595:6-11 596:9-9 597:6-7 598:4-13 599:7-8 670:7-8 672:5-6 673:7-7 674:7-7 675:7-11 676:5-7 ' +
  '677:5-7 678:5-7 679:7-11 680:7-7 681:6-9 682:5-5 683:4-7 685:5-10 686:5-8 687:6-6 688:5-7 689:6-9 690:4-7 691:7-7 ' +
  '692:7-7 800:8-8 808:8-8 850:6-10 852:4-9 853:7-8 855:6-10 856:8-10 870:9-12 878:10-12 880:6-10 881:8-10 882:6-12 ' +
  '883:6-12 886:7-11 888:11-11 960:7-10 961:7-8 962:8-9 963:8-9 964:6-10 965:7-8 966:8-10 967:6-9 968:7-9 970:8-10 ' +
  '971:5-12 972:7-12 973:8-8 974:7-11 975:7-8 976:8-10 977:8-11 979:9-9 992:9-9 993:8-8 994:9-9 995:6-9 996:8-10 998:9-9';

const least = new Uint8Array(1000);
const most = new Uint8Array(1000);
for (const range of RANGES.split(' ')) {
  const [code, from, to] = range.split(/[:-]/).map(Number);
  least[code as number] = from as number;
  most[code as number] = to as number;
}

/** E.164: country code and national number together have at most 15 digits; libraries know longer ones of Japan. */
const LONGEST_NUMBER = 17;

/**
 * Length of the country code that `digits` (values 0 to 9) begin with, when the rest is as long as that country's
 * numbers; else 0.
 */
export function callingCodeLength(digits: Uint8Array, length: number): number {
  if (length > LONGEST_NUMBER) return 0;
  let code = 0;
  for (let n = 1; n <= 3 && n < length; n++) {
    code = code * 10 + (digits[n - 1] as number);
    const longest = most[code] as number;
    if (longest === 0) continue;
    const national = length - n;
    if (national < (least[code] as number) || national > longest) return 0;
    return code !== 1 || isNorthAmerican(digits) ? n : 0;
  }
  return 0;
}

/** Area code and exchange begin with 2 to 9 (ITU-T E.164 zone 1, North American Numbering Plan). */
function isNorthAmerican(digits: Uint8Array): boolean {
  return (digits[1] as number) >= 2 && (digits[4] as number) >= 2;
}
