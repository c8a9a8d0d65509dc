import type { StoreScope } from '../../row-store/store-app.ts';
import type { MessageLinks } from './message-links.ts';

/** What the writers of all tables share. */
export interface MessageParts {
  readonly scope: StoreScope;
  readonly links: MessageLinks;
}
