/**
 * Top-level labels by which a name without `http://` or `www.` is taken for a host. Left to names with a path: labels
 * that end file names (`sh`, `py`, `pl`) or are words in the languages of chats (`is`, `it`, `to`), which people type
 * after a full stop without a space.
 */
const CERTAIN =
  'com net org edu gov mil int info biz mobi asia onion aero coop museum xxx ac ad ae af ag ao ar au aw az ' +
  'ba bb bd bf bg bh bi bj bm bn bo br bs bt bw bz ca cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de ' +
  'dj dk dm dz ec ee eg er es et eu fi fj fk fm fo fr ga gd gf gg gh gi gl gm gn gp gq gr gt gu gw gy hk hn ' +
  'hr ht hu ie il im io iq ir jm jo jp ke kg kh ki km kn kp kr kw ky kz lb lc li lk lr ls lt lu lv ly mc mg ' +
  'mh mk mn mp mq mr ms mt mu mv mw mx mz na nc nf ng nl np nu nz om pe pf pg ph pk pm pn pr pt pw qa ro ' +
  'ru rw sb sc sd se sg si sk sl sm sn sr sv sx sy sz tc td tf tg th tj tk tl tm tn tr tt tv tw tz ua ug uk ' +
  'uy uz vc vg vi vn vu wf ws yt za zm zw ai academy accountant agency app audio auction bio blog boutique ' +
  'casino cloud consulting dental dev directory domains email engineering florist football forsale fyi ' +
  'gratis healthcare holdings host hosting icu immo international ltd marketing mba moe ninja observer ' +
  'online photography plumbing rehab republican shop site space stream tech technology tienda vacations ' +
  'ventures vet viajes vin vlaanderen webcam website wien wiki xyz amsterdam berlin hamburg koeln brussels ' +
  'gent frl saarland swiss nrw bayern eus gal bzh scot wales istanbul moscow tokyo nyc aws google youtube';

const WITH_PATH =
  'al am an as at nr be by cc do gs hm id in is it la ma md me mm mo my ni no nz pa pl ps py re rs sa sh so st ' +
  'su to us va ve vg ws art bar bet cam cat dog fit ink law lol men mov one pet pro pub red rip run sex ski ' +
  'tax tel top vip win wtf zip band bank beer bike buzz cafe camp care casa cash chat city club cool fans ' +
  'farm fish fund game gift gold golf guru help jobs land life link live loan love menu mobi name news page ' +
  'pics pink plus post rent rest sale sexy show skin surf taxi team tips town toys vote wang wine work yoga ' +
  'zone build cards cheap coach codes deals earth games gifts glass green group guide homes horse hotel ' +
  'house legal loans media money movie paris parts party photo pizza place poker press rocks rodeo salon ' +
  'shoes solar store style today tools tours trade video watch works world center church claims clinic ' +
  'coffee credit dating design direct doctor energy estate events expert family garden global health hockey ' +
  'insure lawyer london market photos racing repair report review school soccer social studio supply tattoo ' +
  'tennis travel villas vision voyage capital company contact digital express fashion finance flights ' +
  'gallery holiday kitchen limited markets recipes rentals reviews science singles support surgery systems ' +
  'theater trading wedding business computer delivery diamonds download exchange graphics hospital memorial ' +
  'pictures property security services software training community equipment financial furniture institute ' +
  'solutions foundation industries management properties restaurant university investments productions';

const certain = new Set(CERTAIN.split(' '));
const withPath = new Set(WITH_PATH.split(' '));

/** Labels by length: a lookup need not make a string for a length that has none. */
const LONGEST = 13;

/** 2 certain, 1 only with a path after it, 0 unknown. `text` holds the label in ASCII, any case. */
export function topLevelTrust(bytes: Uint8Array, from: number, to: number): 0 | 1 | 2 {
  if (to - from > LONGEST) return 0;
  const label = latin1Lower(bytes, from, to);
  if (certain.has(label)) return 2;
  return withPath.has(label) ? 1 : 0;
}

function latin1Lower(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    text += String.fromCharCode(byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte);
  }
  return text;
}
