/**
 * Every code this package throws, by family.
 * Integrity: what is stored is not what was stored. Unavailable: try again later. Usage: the caller mends it.
 */
export type VaultErrorCode =
  /** Integrity: no object bears the name. */
  | 'OBJECT_MISSING'
  /** Integrity: the object is shorter than the range that was asked for. */
  | 'OBJECT_SHORT'
  /** Integrity: a link, device or other special file stands where an object should. */
  | 'OBJECT_NOT_PLAIN'
  /** Integrity: bytes of a sealed object were altered, cut or never were an age file. */
  | 'SEAL_BROKEN'
  /** Integrity: what says where an object stands in the other bucket is unreadable. */
  | 'PIN_BROKEN'
  /** Integrity: the server does not show the lock that it was told to set. */
  | 'LOCK_NOT_KEPT'
  /** Unavailable: the store does not answer, or answers with a fault of its own. */
  | 'STORE_UNAVAILABLE'
  /** Unavailable: no space or quota left. */
  | 'STORE_FULL'
  /** Unavailable: another process uploads this object right now. */
  | 'STORE_BUSY'
  /** Usage: the store can be read but not written with these rights. */
  | 'STORE_READ_ONLY'
  /** Usage: the store refuses these credentials, or the bucket does not exist. */
  | 'STORE_REFUSED'
  /** Usage: the bucket keeps versions, where a plain one is needed. */
  | 'STORE_VERSIONED'
  /** Usage: the bucket cannot lock objects, and a lock was asked for. */
  | 'LOCK_UNAVAILABLE'
  /** Usage: the object is locked; nobody can remove it yet. */
  | 'STORE_LOCKED'
  | 'NAME_INVALID'
  /** Usage: an object's name is the folder of another. */
  | 'NAME_CONFLICT'
  | 'RANGE_INVALID'
  /** Usage: a whole read would exceed the cap; read a range or a stream. */
  | 'OBJECT_TOO_LARGE'
  | 'LOCATION_INVALID'
  | 'CREDENTIALS_MISSING'
  | 'IDENTITY_INVALID'
  | 'RECIPIENT_INVALID'
  /** Usage: none of the identities given opens the object. */
  | 'SEALED_TO_OTHERS';
