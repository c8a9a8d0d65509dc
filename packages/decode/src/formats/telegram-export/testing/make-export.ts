/** Values as Telegram Desktop lays them out: one a line, one space a level. All content invented. */
export function layOut(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value, null, 1));
}

const OWNER = 'user1001';

/** A message of a chat of two; `from` 2 is the other one. */
function message(id: number, from: 1 | 2, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const seconds = 1_700_000_000 + id;
  return {
    ...{
      id,
      type: 'message',
      date: new Date((seconds + 3600) * 1000).toISOString().slice(0, 19),
      date_unixtime: String(seconds),
    },
    ...{
      from: from === 1 ? 'Owen Example' : 'Ada Example',
      from_id: from === 1 ? OWNER : 'user2002',
      text: `text ${id}`,
    },
    ...more,
  };
}

function direct(): Record<string, unknown>[] {
  return [
    message(1, 2),
    message(2, 1, { reply_to_message_id: 1, edited: '2023-11-14T23:14:00', edited_unixtime: '1700000040' }),
    message(3, 2, {
      text: ['see ', { type: 'link', text: 'https://example.org' }, ' now'],
      text_entities: [
        { type: 'plain', text: 'see ' },
        { type: 'link', text: 'https://example.org' },
        { type: 'plain', text: ' now' },
      ],
    }),
    message(4, 2, { photo: 'photos/photo_1.jpg', photo_file_size: 7, text: '' }),
    message(5, 2, {
      file: '(File not included. Change data exporting settings to download.)',
      file_name: 'a.pdf',
      mime_type: 'application/pdf',
      file_size: 99,
    }),
    message(6, 1, { forwarded_from: 'Some Channel', forwarded_from_id: 'channel77', text: ['plain only'] }),
    message(7, 1, { location_information: { latitude: 47.5, longitude: 8.25 }, text: '' }),
    message(8, 2, {
      reactions: [
        {
          type: 'emoji',
          count: 1,
          emoji: '👍',
          recent: [{ from: 'Owen Example', from_id: OWNER, date: '2023-11-14T23:15:00' }],
        },
      ],
    }),
    message(9, 1, {
      poll: { question: 'When?', closed: false, total_voters: 0, answers: [{ text: 'now', voters: 0, chosen: false }] },
      text: '',
    }),
    {
      id: 10,
      type: 'service',
      date: '2023-11-14T23:20:00',
      date_unixtime: '1700000400',
      actor: 'Owen Example',
      actor_id: OWNER,
      action: 'phone_call',
      duration_seconds: 60,
      text: '',
    },
  ];
}

export function singleChat(): Record<string, unknown> {
  return { name: 'Ada Example', type: 'personal_chat', id: 2002, messages: direct() };
}

function group(): Record<string, unknown> {
  return {
    ...{ name: 'Team', type: 'private_supergroup', id: 555 },
    messages: [
      {
        id: 1,
        type: 'service',
        date: '2023-11-14T20:00:00',
        date_unixtime: '1699988400',
        actor: 'Ada Example',
        actor_id: 'user2002',
        action: 'invite_members',
        members: ['Owen Example'],
        text: '',
      },
      {
        id: 2,
        type: 'service',
        date: '2023-11-14T20:00:01',
        date_unixtime: '1699988401',
        actor: 'Ada Example',
        actor_id: 'user2002',
        action: 'pin_message',
        message_id: 3,
        text: '',
      },
      message(3, 2),
    ],
  };
}

export function fullExport(): Record<string, unknown> {
  return {
    about: 'Here is the data you requested.',
    personal_information: {
      user_id: 1001,
      first_name: 'Owen',
      last_name: 'Example',
      phone_number: '+31 97 010 20 30',
      username: '@owen_example',
      bio: '',
    },
    profile_pictures: [{ date: '2023-01-01T00:00:00', photo: '(File not included.)' }],
    contacts: {
      about: 'c',
      list: [
        {
          user_id: 2002,
          first_name: 'Ada',
          last_name: 'Example',
          phone_number: '0031970102031',
          date: '2023-01-01T00:00:00',
          date_unixtime: '1672531200',
        },
      ],
    },
    frequent_contacts: {
      about: 'f',
      list: [{ id: 2002, category: 'people', type: 'user', name: 'Ada Example', rating: 0.5 }],
    },
    sessions: {
      about: 's',
      list: [
        { last_active: '2023-01-01T00:00:00', last_ip: '192.0.2.7', application_name: 'Desktop', device_model: 'PC' },
      ],
    },
    other_data: { about: 'o', created_stickers: [] },
    chats: { about: 'l', list: [singleChat(), group()] },
    left_chats: {
      about: 'x',
      list: [
        {
          name: 'Left',
          type: 'public_channel',
          id: 9,
          messages: [
            { id: 1, type: 'message', date: '2020-01-01T00:00:00', from: 'Left', from_id: 'channel9', text: 'old' },
          ],
        },
      ],
    },
  };
}
