/** A recorded decision about an item. Position in this list is the stored code; never reorder. */
export const dispositions = ['in-scope', 'out-of-scope', 'privileged', 'undecided'] as const;

export type Disposition = (typeof dispositions)[number];

/** Stored code of each disposition. */
export const dispositionCode: Readonly<Record<Disposition, number>> = {
  'in-scope': 0,
  'out-of-scope': 1,
  privileged: 2,
  undecided: 3,
};

/** The compartment that content of this disposition is sealed to. */
export function compartmentOf(disposition: Disposition): 'evidence' | 'withheld' | 'privileged' {
  if (disposition === 'in-scope') return 'evidence';
  return disposition === 'privileged' ? 'privileged' : 'withheld';
}
