/** Who may open what. Content goes to `evidence`, `withheld` or `privileged`; the other two hold keys and originals. */
export const compartments = ['source', 'evidence', 'withheld', 'privileged', 'log'] as const;

export type Compartment = (typeof compartments)[number];

/** The compartments that leaves are sealed to, in the order of their parts. */
export const contentCompartments = ['evidence', 'withheld', 'privileged'] as const;

export type ContentCompartment = (typeof contentCompartments)[number];
