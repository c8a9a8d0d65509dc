/** The bare part of a JID (RFC 7622): no resource, domain and local part in lower case. */
export function bareJid(jid: string): string {
  const slash = jid.indexOf('/');
  return (slash < 0 ? jid : jid.slice(0, slash)).toLowerCase();
}

/** The part behind the first slash; null where there is none. */
export function resourceOf(jid: string): string | null {
  const slash = jid.indexOf('/');
  return slash < 0 ? null : jid.slice(slash + 1);
}

/** Longest JID: three parts of 1023 bytes and two signs. */
export const LONGEST_JID = 3071;
