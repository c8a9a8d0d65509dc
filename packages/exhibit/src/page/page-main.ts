import { CustodyError, utf8Encode } from '@custody/bytes';
import type { VerifySignature } from '@custody/chain';
import { ed25519 } from '@noble/curves/ed25519.js';
import { anchorName } from '../member-names.ts';
import type { ExhibitDocument } from '../model.ts';
import { fill, type TextKey, textsOf } from '../texts/texts.ts';
import type { ExhibitMembers } from '../verify/open-bag.ts';
import { proofStates } from '../verify/proof-states.ts';
import { readDocument } from '../verify/read-document.ts';
import type { ProvenAnchor } from '../verify/verify-anchors.ts';
import { notChecked, type VerifiedDocument, verifyDocument, verifyExhibit } from '../verify/verify-exhibit.ts';
import { readZipBytes } from '../zip-layout.ts';
import { checkPage } from './check-page.ts';
import { escapePlain, escapeText, visibleText } from './escape-text.ts';
import type { ProofState } from './page-context.ts';
import { elementOf, type PageDocument, pageDocument } from './page-dom.ts';
import { pageFrame } from './page-frame.ts';
import { renderBody, renderHead } from './render-body.ts';
import { statedTime } from './stated-time.ts';

/** Strict RFC 8032: no low-order key, no second encoding of a point or a number. */
const verify: VerifySignature = (publicKey, message, signature) => {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
};

/** Wanted by tests and by whoever automates the page. */
type State = ProofState | 'checking';

function start(page: PageDocument): void {
  const script = page.currentScript?.textContent ?? '';
  const text = elementOf(page, 'exhibit').textContent ?? '';
  page.body.dataset.state = 'checking' satisfies State;
  let document: ExhibitDocument;
  try {
    document = readDocument(utf8Encode(text));
  } catch (error) {
    page.body.dataset.state = 'failed' satisfies State;
    page.body.dataset.code = reasonOf(error).code;
    elementOf(page, 'page').textContent = reasonOf(error).message;
    return;
  }
  page.documentElement.lang = document.lang;
  page.title = escapePlain(document.exhibitRef ?? textsOf(document.lang).exhibit);
  elementOf(page, 'page').innerHTML = frameOf(document);
  const check = () => show(page, document, elementOf(page, 'key').value.trim());
  elementOf(page, 'check').addEventListener('click', check);
  elementOf(page, 'file').addEventListener('change', () => void checkZip(page, document, script));
  // The heading is painted before the work begins.
  setTimeout(check, 0);
}

function frameOf(document: ExhibitDocument): string {
  const t = textsOf(document.lang);
  return `<header>${renderHead(document)}</header>
<section id="verdict"><h2>${t.verification}</h2><div id="result" role="status">${t.checking}</div>
<div id="controls"><p><label for="key">${t.keyLabel}</label><br><input type="text" id="key" dir="ltr" spellcheck="false" autocomplete="off"><button type="button" id="check">${t.check}</button></p>
<p><label for="file">${t.zipLabel}</label><br><input type="file" id="file" accept=".zip"></p></div><div id="zip"></div></section>
<div id="body"></div>`;
}

/** Verifies what stands in the page and shows it with the state of each item's proof. */
function show(page: PageDocument, document: ExhibitDocument, key: string): void {
  const trust = { verify, ...(key !== '' && { verifierKey: key }) };
  const result = elementOf(page, 'result');
  delete page.body.dataset.code;
  try {
    const proven = verifyDocument(document, trust);
    const state = key === '' ? 'self-asserted' : 'pinned';
    result.innerHTML = verdictHtml(proven, state);
    finish(page, document, new Map(document.leaves.map(({ index }) => [index, state])), state);
  } catch (error) {
    const reason = reasonOf(error);
    page.body.dataset.code = reason.code;
    result.innerHTML = `<p><b>${fill(textsOf(document.lang).failed, { code: reason.code, message: escapeText(reason.message) })}</b></p>`;
    finish(page, document, proofStates(document, trust), 'failed');
  }
}

function finish(
  page: PageDocument,
  document: ExhibitDocument,
  states: ReadonlyMap<number, ProofState>,
  state: ProofState,
) {
  try {
    elementOf(page, 'body').innerHTML = renderBody(document, states);
  } catch (error) {
    // What has a form that no item has cannot be shown; the reason says so.
    elementOf(page, 'body').textContent = reasonOf(error).message;
  }
  page.body.dataset.state = state;
}

function verdictHtml(
  { document, entries, segments, leaves, anchors }: VerifiedDocument,
  state: 'pinned' | 'self-asserted',
): string {
  const t = textsOf(document.lang);
  const items = leaves.filter(({ leaf }) => leaf.kind === 1).length;
  const counts = fill(t.checked, { entries, segments, items, findings: leaves.length - items });
  const words: Readonly<Record<string, TextKey>> = {
    ...{
      key: 'notKey',
      later: 'notLater',
      author: 'notAuthor',
      time: 'notTime',
      witnesses: 'notWitnesses',
      tokens: 'notTokens',
      producer: 'notProducer',
      mentions: 'notMentions',
      pdf: 'notPdf',
    },
  };
  const left = [
    ...notChecked(state === 'pinned', document).map((key) => t[words[key] as TextKey]),
    t.notFiles,
    t.notPage,
  ];
  const list = left.map((line) => `<li>${line}</li>`).join('');
  const stated = anchors.flatMap((one) => anchorLines(one, t)).map((line) => `<p class="line">${line}</p>`);
  return `<p><b>${state === 'pinned' ? t.pinned : t.selfAsserted}</b></p><p class="line">${counts}</p>${stated.join('')}<p class="line">${t.notChecked}</p><ul class="small">${list}</ul>`;
}

function anchorLines({ size, witnesses, tsa }: ProvenAnchor, t: ReturnType<typeof textsOf>): string[] {
  const names = witnesses.map(({ name, time }) => `<bdi>${escapeText(name)}</bdi> (${escapeText(time)})`).join(', ');
  return [
    ...(witnesses.length === 0 ? [] : [fill(t.witnessed, { names, size })]),
    ...(tsa === null ? [] : [fill(t.stamped, { tsa: `<bdi>${escapeText(tsa)}</bdi>`, size })]),
  ];
}

/** Verifies a ZIP that the reader chose, page and raw records included, by the same code as `custody verify`. */
async function checkZip(page: PageDocument, own: ExhibitDocument, script: string): Promise<void> {
  const t = textsOf(own.lang);
  const zip = elementOf(page, 'zip');
  const file = elementOf(page, 'file').files?.[0];
  if (file === undefined) return;
  zip.dataset.state = 'checking';
  delete zip.dataset.code;
  const key = elementOf(page, 'key').value.trim();
  try {
    const members = readZipBytes(new Uint8Array(await file.arrayBuffer()));
    const { verdict, document, payload } = verifyExhibit(members, { verify, ...(key !== '' && { verifierKey: key }) });
    checkPage(document, payload, { frame: pageFrame(script), build: own.tool.build });
    const holds = [fill(t.zipHolds, { ...verdict.checked }), key === '' ? t.selfAsserted : t.pinned];
    zip.textContent = [...holds, ...stampLines(document, payload)].join(' ');
    zip.dataset.state = verdict.verifierKey.source;
  } catch (error) {
    const reason = reasonOf(error);
    zip.textContent = fill(t.zipFails, { ...reason });
    zip.dataset.code = reason.code;
    zip.dataset.state = 'failed';
  }
}

/** What the time-stamps in the ZIP state; this page verifies none of them. */
function stampLines({ anchors, lang }: ExhibitDocument, payload: ExhibitMembers): string[] {
  return anchors.flatMap(({ tsa }, i) => {
    const token = payload.get(anchorName(i + 1, 'token.tsr'));
    if (tsa === null || token === undefined) return [];
    const t = textsOf(lang);
    return [fill(t.stampStates, { tsa: visibleText(tsa), time: statedTime(token) ?? t.unknown })];
  });
}

function reasonOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof CustodyError) return { code: error.code, message: error.message };
  return { code: 'UNEXPECTED', message: String(error) };
}

start(pageDocument());
