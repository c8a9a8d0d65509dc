/** A chat as its own head describes it. */
export interface ChatHead {
  readonly name: string | null;
  /** `personal_chat`, `private_group`, `public_channel` … */
  readonly type: string | null;
  readonly id: string | null;
}

/** What the elements of a list are. */
export type ListKind = 'messages' | 'contacts' | 'frequent' | 'sessions' | 'web-sessions' | 'other';

/** What `prepare` leaves for the units. Holds nothing of the process that made it. */
export interface ExportPlan {
  readonly chats: readonly ChatHead[];
  /** `user123`; null where it cannot be told. */
  readonly owner: string | null;
  readonly ownerName: string | null;
  /** Where `personal_information` stands. */
  readonly account: { readonly offset: number; readonly length: number } | null;
}

export interface ExportUnit {
  readonly what: ListKind | 'account';
  readonly from: number;
  readonly until: number;
  /** Of `chats`, for messages. */
  readonly chat: number;
  /** Elements of the list before this unit. */
  readonly before: number;
  /** The list, for locators and findings: `chats.list`. */
  readonly list: string;
}
