/**
 * Top-level labels by which a name without `http://` or `www.` is taken for a host. Left to names with a path: labels
 * that end file names (`sh`, `py`, `pl`) or are words in the languages of chats (`is`, `it`, `to`), which people type
 * after a full stop without a space.
 */
const CERTAIN =
  'com net org edu gov mil int info biz name mobi asia onion aero coop jobs travel museum cat post tel xxx pro ' +
  'ac ad ae af ag al an ao ar au aw az ba bb bd bf bg bh bi bj bm bn bo br bs bt bw by bz ca cd cf cg ch ci ck cl cm cn ' +
  'co cr cu cv cw cx cy cz de dj dk dm dz ec ee eg er es et eu fi fj fk fm fo fr ga gd gf gg gh gi gl gm gn gp gq gr ' +
  'gt gu gw gy hk hm hn hr ht hu ie il im io iq ir jm jo jp ke kg kh ki km kn kp kr kw ky kz lb lc li lk lr ls lt lu ' +
  'lv ly ma mc mg mh mk mm mn mo mp mq mr ms mt mu mv mw mx mz na nc nf ng ni nl np nr nu nz om pa pe pf pg ph pk pm ' +
  'pn pr pt pw qa re ro ru rw sa sb sc sd se sg si sk sl sm sn sr sv sx sy sz tc td tf tg th tj tk tl tm tn tr tt tv ' +
  'tw tz ua ug uk uy uz va vc ve vg vi vn vu wf ws yt za zm zw ai academy accountant agency app art audio auction band ' +
  'bank bar beer bet bike bio blog boutique build business buzz cafe cam camp capital cards care casa cash casino center ' +
  'chat cheap church city claims clinic cloud club coach codes coffee community company computer consulting contact cool ' +
  'credit dating deals delivery dental design dev diamonds digital direct directory doctor dog domains download earth ' +
  'email energy engineering equipment estate events exchange expert express family fans farm fashion finance financial ' +
  'fish fit flights florist football forsale foundation fund furniture fyi gallery game games garden gift gifts glass ' +
  'global gold golf graphics gratis green group guide guru health healthcare help hockey holdings holiday homes horse ' +
  'hospital host hosting hotel house icu immo industries ink institute insure international investments kitchen land ' +
  'law lawyer legal life limited link live loan loans lol london love ltd management market marketing markets mba media ' +
  'memorial men menu moe money movie news ninja observer one online page paris parts party pet photo photography photos ' +
  'pics pictures pink pizza place plumbing plus poker press productions properties property pub racing recipes red ' +
  'rehab rent rentals repair report republican rest restaurant review reviews rip rocks rodeo run sale salon school ' +
  'science security services sex sexy shoes shop show singles site ski skin soccer social software solar solutions ' +
  'space store stream studio style supply support surf surgery systems tattoo tax taxi team tech technology tennis ' +
  'theater tienda tips today tools top tours town toys trade trading training university vacations ventures vet viajes ' +
  'video villas vin vip vision vlaanderen vote voyage wang watch webcam website wedding wien wiki win wine work works ' +
  'world wtf xyz yoga zone amsterdam berlin hamburg koeln brussels gent frl saarland swiss nrw bayern eus gal bzh scot ' +
  'wales istanbul moscow tokyo nyc aws google youtube';

const WITH_PATH = 'am as at be cc do gs id in is it la md me mobi my no nz pl ps py rs sh so st su to us vg ws zip mov';

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
