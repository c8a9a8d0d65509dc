/** What a message says of a sum. */
export type AmountCue = 'paid' | 'owed' | 'offered' | 'wanted';

/** In the languages of the cases. A word is a cue, never a proof: the quote stands beside it. */
const WORDS: Readonly<Record<AmountCue, string>> = {
  paid:
    'paid pay pays transferred wired sent deposited betaald betaal betaalt overgemaakt gestort bezahlt bezahle überwiesen eingezahlt payé paye versé viré ' +
    'pagado pagué pago pagaste transferido depositado paguei pagou enviei pagato pagata versato bonifico ödedim ödendi ödeme yatırdım yatirdim yolladım gönderdim ' +
    'zapłacone zapłaciłem zapłacił przelałem wpłaciłem betalat betalade betald swishat paguar pagova pagoi dërgova plătit platit achitat transferat ' +
    'заплатил заплатила оплатил перевел перевёл скинул دفعت دفع حولت भुगतान भेजा दिया 付了 已付 转了 转账 汇了 払った 支払 支払い 振り込み 보냈다 입금',
  owed:
    'owe owes owed debt debts due schuld schuldig schulden tegoed dois doit dette debe debo deben deuda deve devo dívida debito borç borcu borcum borcun alacak ' +
    'winien wisi dług dlug skyldig skuld borxh detyrim dator datorez datorie должен должна долг торчит مدين دين لازم उधार बकाया कर्ज 欠 欠款 借り 貸し 빚',
  offered:
    'offer offers offered price prices selling sell sale cost costs each per quote kost kosten prijs bied bod verkoop verkopen preis preise verkaufe verkaufen kostet angebot ' +
    'prix vends vendre coûte offre precio vendo vender cuesta oferta preço custa prezzo vende costa fiyat fiyatı satılık satıyorum tane cena sprzedam kosztuje oferta ' +
    'pris säljer kostar bud çmim çmimi shes kushton preț pret vând vand costă цена продам продаю стоит سعر السعر أبيع ثمن कीमत दाम बेचना 价格 价钱 卖 出售 値段 価格 売る 가격 판매',
  wanted:
    'need needs want wants asks asked demand nodig wil moet vraagt brauche will verlangt besoin veux demande necesito quiero pide preciso quero pede serve voglio chiede ' +
    'lazım istiyor istiyorum potrzebuję chce behöver vill dua duhet vreau cere нужно хочет хочу أريد أحتاج चाहिए 要 需要 欲しい 필요',
};

const REACH = 60;
const cues = new Map<string, AmountCue>(
  (Object.entries(WORDS) as [AmountCue, string][]).flatMap(([cue, words]) =>
    words.split(' ').map((word) => [word, cue] as const),
  ),
);
const unspaced = [...cues].filter(([word]) => /[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]/.test(word));

export interface FoundCue {
  readonly cue: AmountCue;
  readonly word: string;
}

/** The cue nearest to the span [start, end) of `text`, within the same sentence or so; null where none stands there. */
export function cueNear(text: string, start: number, end: number): FoundCue | null {
  const from = Math.max(0, start - REACH);
  let best: (FoundCue & { distance: number }) | null = null;
  const consider = (word: string, at: number, cue: AmountCue): void => {
    const distance = at < start ? start - (at + word.length) : at - end;
    if (distance >= 0 && (best === null || distance < best.distance)) best = { cue, word, distance };
  };
  const around = text.slice(from, end + REACH);
  for (const match of around.matchAll(/[\p{L}\p{M}]+/gu)) {
    const cue = cues.get(match[0].toLowerCase());
    if (cue !== undefined) consider(match[0], from + match.index, cue);
  }
  for (const [word, cue] of unspaced) {
    const at = around.indexOf(word);
    if (at >= 0) consider(word, from + at, cue);
  }
  const found = best as (FoundCue & { distance: number }) | null;
  return found === null ? null : { cue: found.cue, word: found.word };
}
