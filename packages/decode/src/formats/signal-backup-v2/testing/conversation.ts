import { type Json, type MediaFile, mediaFile, OWN_ACI } from './write-backup.ts';

const id = (text: string): Buffer => Buffer.from(text.replaceAll('-', ''), 'hex');

export const ANN_ACI = '00000a00-0000-4000-8000-000000000001';
export const BEN_ACI = '00000b00-0000-4000-8000-000000000001';
export const photo: MediaFile = mediaFile(Buffer.alloc(70_001, 'photo'), {
  fileName: 'photo.jpg',
  contentType: 'image/jpeg',
});
export const lost: MediaFile = mediaFile(Buffer.from('gone'), { contentType: 'image/png' });
const LONG = 'A long text, all of it. '.repeat(200);
export const longText: MediaFile = mediaFile(Buffer.from(LONG), { contentType: 'text/x-signal-plain' });
export const longBody: string = LONG;
const T = 1_767_000_000_000;

const text = (body: string): Json => ({ text: { body } });
const incoming = (at: number): Json => ({ dateReceived: at + 9, dateServerSent: at + 5, read: true });
const item = (chatItem: Json): Json => ({ chatItem });

export const people: readonly Json[] = [
  {
    account: {
      profileKey: Buffer.alloc(32, 1),
      username: 'own.42',
      givenName: 'Own',
      familyName: 'Name',
      svrPin: '1234',
    },
  },
  { recipient: { id: 1, self: {} } },
  { recipient: { id: 2, contact: { aci: id(ANN_ACI), e164: 31_655_500_102, systemGivenName: 'Ann' } } },
  { recipient: { id: 3, contact: { aci: id(BEN_ACI), profileGivenName: 'Ben' } } },
  {
    recipient: {
      id: 4,
      group: {
        masterKey: Buffer.alloc(32, 7),
        snapshot: {
          title: { title: 'Walks' },
          version: 3,
          members: [OWN_ACI, ANN_ACI, BEN_ACI].map((aci) => ({ userId: id(aci), role: 1 })),
        },
      },
    },
  },
  { chat: { id: 1, recipientId: 2 } },
  { chat: { id: 2, recipientId: 4, expirationTimerMs: 60_000 } },
];

/** An invented conversation: messages, an edit, answers, a call, files. */
export const conversation: readonly Json[] = [
  ...people,
  item({ chatId: 1, authorId: 2, dateSent: T, incoming: incoming(T), standardMessage: text('Hello') }),
  item({
    ...{ chatId: 1, authorId: 1, dateSent: T + 2000 },
    revisions: [
      {
        ...{ chatId: 1, authorId: 1, dateSent: T + 1000, outgoing: { dateReceived: T + 1000 } },
        standardMessage: text('see photo'),
      },
    ],
    outgoing: {
      dateReceived: T + 2000,
      sendStatus: [{ recipientId: 2, timestamp: T + 2500, read: {} }],
    },
    standardMessage: {
      ...text('see photos'),
      quote: { targetSentTimestamp: T, authorId: 2, text: { body: 'Hello' } },
      attachments: [{ pointer: photo.pointer, wasDownloaded: true }, { pointer: lost.pointer }],
      reactions: [{ emoji: '👍', authorId: 2, sentTimestamp: T + 3000, sortOrder: 1 }],
    },
  }),
  item({
    ...{ chatId: 2, authorId: 3, dateSent: T + 4000, expiresInMs: 60_000, incoming: incoming(T + 4000) },
    standardMessage: { ...text(LONG.slice(0, 100)), longText: longText.pointer },
  }),
  item({
    ...{ chatId: 2, authorId: 2, dateSent: T + 5000, incoming: incoming(T + 5000) },
    poll: {
      question: 'When?',
      options: [{ option: 'Now', votes: [{ voterId: 1, voteCount: 1 }] }, { option: 'Never' }],
    },
  }),
  item({ chatId: 1, authorId: 2, dateSent: T + 6000, incoming: incoming(T + 6000), remoteDeletedMessage: {} }),
  item({
    ...{ chatId: 1, authorId: 2, dateSent: T + 7000, directionless: {} },
    updateMessage: { individualCall: { callId: 77, type: 1, direction: 1, state: 3, startedCallTimestamp: T + 7000 } },
  }),
  { chatFolder: { name: 'Work', includedRecipientIds: [2, 4] } },
];
