/**
 * Groups items by what a reader of the exhibit can see: `name` is null where the format names no conversation, undefined
 * where the name is withheld, which is one group a derivation.
 */
export function conversationKey(derivation: number, name: string | null | undefined): string {
  return JSON.stringify([derivation, name === undefined ? 0 : name]);
}
