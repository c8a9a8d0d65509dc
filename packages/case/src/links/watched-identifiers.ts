/** What a watch list may name. */
export const watchedTypes = [
  'imei',
  'imsi',
  'iccid',
  'phone',
  'username',
  'email',
  'xmpp',
  'matrix',
  'threema',
  'session',
  'wickr',
  'account',
  'sim-box',
  'mac',
  'ip',
] as const;

export type WatchedType = (typeof watchedTypes)[number];

/** 14 digits without and 15 with check digit, 16 with software version (3GPP TS 23.003). */
export function hasImeiLength(digits: string): boolean {
  return digits.length >= 14 && digits.length <= 16;
}
