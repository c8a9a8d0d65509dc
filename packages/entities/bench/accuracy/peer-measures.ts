import { type CountryCode, findPhoneNumbersInText } from 'libphonenumber-js/max';
import { readRows } from './labelled-rows.ts';
import { Tally } from './tally.ts';

/** What libphonenumber-js finds on the sets that we are measured on: the same rows, the same score. */
export function peerTallies(showUnseen: boolean): Tally[] {
  const model = new Tally('peer libphonenumber-js: phone', showUnseen);
  for (const row of readRows('recognizers_text.jsonl').filter((one) => one.model === 'PhoneNumberModel')) {
    const labels = row.results.map((result) => ({ text: result.Text, label: null }));
    model.spans(row.input, labels, numbersIn(row.input));
  }
  const examples = new Tally('peer libphonenumber-js: examples +', showUnseen);
  for (const row of readRows('libphonenumber_examples.jsonl')) {
    const wanted = `+${row.cc}${row.national}`;
    examples.row(
      wanted,
      numbersIn(`call ${wanted} now`).some(({ value }) => value === wanted),
      `${row.region} ${row.type}`,
    );
  }
  const presidio = new Tally('peer libphonenumber-js: presidio phone', showUnseen);
  for (const row of readRows('presidio_tests.jsonl').filter((one) => one.recognizer === 'phone')) {
    if (row.text === undefined) continue;
    const found = numbersIn(row.text);
    presidio.row(row.text, found.length === row.expected_len, `expected ${row.expected_len}, found ${found.length}`);
  }
  // Its misses are its own: the lines stand beside ours.
  for (const tally of [model, examples, presidio]) tally.misses.length = 0;
  return [model, examples, presidio];
}

/** It finds no national number without a country: as in its own tests, the United States. */
function numbersIn(text: string, region: CountryCode = 'US'): { text: string; value: string }[] {
  return findPhoneNumbersInText(text, region).map(({ startsAt, endsAt, number }) => ({
    text: text.slice(startsAt, endsAt),
    value: String(number.number),
  }));
}
