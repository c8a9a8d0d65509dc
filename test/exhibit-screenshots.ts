// Pictures of an exhibit as a reader sees it, for packages/exhibit/README.md. After `npm start`:
//   unzip demo-case/exhibit.zip -d demo-case/exhibit
//   node --conditions=source test/exhibit-screenshots.ts demo-case/exhibit "$(cat demo-case/case/log/verifier-key)" packages/exhibit/pictures
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChromiumPage } from './chromium.ts';

const [folder = '', key = '', out = ''] = process.argv.slice(2).map((arg, i) => (i === 1 ? arg : resolve(arg)));
const [WIDTH, HEIGHT] = [900, 640];
mkdirSync(out, { recursive: true });
const browser = await ChromiumPage.start();
const shot = async (name: string, height = HEIGHT) =>
  writeFileSync(join(out, `${name}.png`), await browser.screenshot(WIDTH, height));
try {
  await browser.open(join(folder, 'data/exhibit.html'));
  await browser.until("document.body.dataset.state === 'self-asserted'");
  await shot('page-unpinned');
  await browser.value(
    `document.getElementById('key').value = ${JSON.stringify(key)}; document.getElementById('check').click()`,
  );
  await browser.until("document.body.dataset.state === 'pinned'");
  await browser.value(
    "[...document.querySelectorAll('article')].find((one) => /[a-z]{4}/.test(one.querySelector('.body')?.textContent ?? '')).scrollIntoView()",
  );
  await shot('page-left-to-right');
  const found = await browser.value(
    "(() => { const one = [...document.querySelectorAll('.body')].find((body) => /[\\u0590-\\u06ff]/.test(body.textContent)); one?.scrollIntoView({ block: 'center' }); return one !== undefined; })()",
  );
  if (found) await shot('page-right-to-left');
  await browser.screenshot(WIDTH, 820);
  const pdf = join(folder, 'data/exhibit.pdf');
  await browser.send('Page.navigate', { url: `file://${pdf}#toolbar=0&navpanes=0&view=FitH&page=2` });
  // The viewer of PDF says to nobody when it has drawn.
  await sleep(8000);
  await shot('pdf', 820);
} finally {
  await browser.close();
}
