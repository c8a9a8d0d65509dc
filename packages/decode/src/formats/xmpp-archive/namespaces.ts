/** Namespaces of the extensions that this decoder reads, by XEP number. */
export const NS = {
  client: 'jabber:client',
  roster: 'jabber:iq:roster',
  vcard: 'vcard-temp',
  /** XEP-0227 */
  portable: 'urn:xmpp:pie:0',
  portableMam: 'urn:xmpp:pie:0#mam',
  portableScram: 'urn:xmpp:pie:0#scram',
  /** XEP-0203 */
  delay: 'urn:xmpp:delay',
  /** XEP-0297 */
  forward: 'urn:xmpp:forward:0',
  /** XEP-0280 */
  carbons: 'urn:xmpp:carbons:2',
  /** XEP-0359 */
  stanzaId: 'urn:xmpp:sid:0',
  /** XEP-0308 */
  correct: 'urn:xmpp:message-correct:0',
  /** XEP-0444 */
  reactions: 'urn:xmpp:reactions:0',
  /** XEP-0461 */
  reply: 'urn:xmpp:reply:0',
  /** XEP-0066 */
  oob: 'jabber:x:oob',
  /** XEP-0045 */
  mucUser: 'http://jabber.org/protocol/muc#user',
  /** XEP-0384, before and since version 0.8 */
  omemoLegacy: 'eu.siacs.conversations.axolotl',
  omemo2: 'urn:xmpp:omemo:2',
  /** XEP-0420 */
  sce: 'urn:xmpp:sce:1',
  xinclude: 'http://www.w3.org/2001/XInclude',
} as const;

/** XEP-0424, both versions that were deployed. */
export const RETRACTIONS: readonly string[] = ['urn:xmpp:message-retract:1', 'urn:xmpp:message-retract:0'];

/** XEP-0313: results of every version of the protocol. */
export function isMam(ns: string): boolean {
  return /^urn:xmpp:mam:(\d+|tmp)$/.test(ns);
}
