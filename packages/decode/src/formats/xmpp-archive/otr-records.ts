import { Reassembly } from '../../otr/fragments.ts';
import { type OtrBreak, OtrContinuity } from '../../otr/otr-continuity.ts';
import { readOtr } from '../../otr/otr-message.ts';
import { type OtrFacts, OtrSurvey } from '../../otr/otr-survey.ts';
import { bareJid } from './jid.ts';

/** What is known of OTR in a whole file. Survives structured cloning. */
export interface OtrState {
  readonly facts: OtrFacts;
  /** By number of the record with the last piece: the message, and the records of all its pieces. */
  readonly assembled: ReadonlyMap<number, { readonly text: string; readonly records: readonly number[] }>;
  /** Records that hold pieces of a message that is not whole. */
  readonly stray: ReadonlySet<number>;
}

/** Two parties as OTR sees them; resources differ between devices and are told apart by instance tags. */
export interface Ends {
  readonly from: string;
  readonly to: string;
}

/** Gathers public keys, revealed MAC keys and fragments from the texts of a file, in its order. */
export class OtrRecords {
  readonly #survey = new OtrSurvey();
  readonly #continuity = new OtrContinuity();
  readonly #pieces = new Reassembly<number>();
  readonly #assembled = new Map<number, { text: string; records: readonly number[] }>();

  /** `stream` keeps copies in two archives apart. */
  add(text: string, record: number, { ends, stream, place }: { ends: Ends; stream: string; place: string }): void {
    let message = readOtr(text);
    if (message?.kind === 'fragment') {
      const whole = this.#pieces.add(`${stream}\n${ends.from}\n${ends.to}`, message, record);
      if (whole === null) return;
      this.#assembled.set(record, { text: whole.text, records: whole.places });
      message = readOtr(whole.text);
    }
    if (message === null) return;
    this.#survey.add(message, { ...ends, place, order: record });
    this.#continuity.add(message, { ...ends, archive: stream, record });
  }

  /** What does not follow, over the whole. */
  breaks(): readonly OtrBreak[] {
    return this.#continuity.breaks();
  }

  state(): OtrState {
    return { facts: this.#survey.facts(), assembled: this.#assembled, stray: new Set(this.#pieces.incomplete()) };
  }
}

export function endsOf(from: string, to: string): Ends {
  return { from: bareJid(from), to: bareJid(to) };
}
