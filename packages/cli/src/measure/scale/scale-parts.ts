/** What a run of `custody bench --scale` may consist of, in this order. */
export const scaleParts = ['embedded', 'lookups', 's3-lookups', 'one-worker', 'two-workers'] as const;
export type ScalePart = (typeof scaleParts)[number];
