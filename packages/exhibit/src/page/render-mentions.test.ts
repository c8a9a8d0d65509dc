import { describe, expect, it } from 'vitest';
import { syntheticExhibit } from '../../../../test/synthetic-exhibit.ts';
import type { ExhibitMention } from '../model.ts';
import { shownRuns } from '../shown-runs.ts';
import { renderBody } from './render-body.ts';
import { markedRun, numberMentions } from './render-mentions.ts';

const about = { class: 'amount', type: 'money', value: 'EUR 5', tier: 'context', folds: [], alternatives: [] };
const mention = (start: number, end: number): ExhibitMention => ({ ...about, start, end });
const bytes = new TextEncoder().encode('pay €5 <b> or 10.0.0.1');

describe('mentions in a text', () => {
  it('are marked by number, between text that stays the same', () => {
    const html = markedRun({ from: 0, bytes }, numberMentions([mention(16, 24), mention(4, 8)]));
    expect(html).toBe('pay <mark data-n="1">€5</mark> &lt;b&gt; or <mark data-n="2">10.0.0.1</mark>');
  });

  it('inside another are not marked again, and none is marked beyond its run', () => {
    const html = markedRun({ from: 0, bytes }, numberMentions([mention(0, 8), mention(4, 8), mention(20, 60)]));
    expect(html).toBe('<mark data-n="1">pay €5</mark> &lt;b&gt; or 10.0.0.1');
  });

  it('in a run after something withheld have their place over what is shown', () => {
    const piece = (text: string) => ({ salt: '00'.repeat(16), value: Buffer.from(text).toString('hex') });
    const runs = shownRuns({ pieces: [piece('ab '), { digest: '00'.repeat(32) }, piece('cd '), piece('ef')] });
    expect(runs.map((run) => run && [run.from, run.bytes.length])).toEqual([[0, 3], null, [3, 5]]);
    expect(markedRun(runs[2] as NonNullable<(typeof runs)[2]>, numberMentions([mention(6, 8)]))).toBe(
      'cd <mark data-n="1">ef</mark>',
    );
  });

  it('stand on the page with type, value, tier, folds and other readings, said to be the tool\u2019s', () => {
    const html = renderBody(syntheticExhibit().document);
    expect(html).toContain('<mark data-n="1">shor</mark>t');
    expect(html).toContain('derived, not part of what is proven');
    expect(html).toMatch(/<b>money<\/b> <bdi>EUR 5<\/bdi> · believed by context · folds full-width/);
    expect(html).toContain('or money &lt;b&gt;USD&lt;/b&gt; 5');
  });
});
