/** Columns with live credentials: they open profiles, groups, calls and sticker packs on the servers. */
export const CREDENTIALS: ReadonlySet<string> = new Set([
  ...[
    'profile_key',
    'expiring_profile_key_credential',
    'profile_key_credential',
    'master_key',
    'root_key',
    'admin_key',
  ],
  ...['pack_key', 'sealed_sender_access', 'storage_proto'],
]);
