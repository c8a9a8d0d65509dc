/** Messages of the fixtures, as a `.proto` of their own: nothing here is read by the decoder. */
export const inventedProto = `
syntax = "proto3";
message Info { uint64 version = 1; uint64 backupTimeMs = 2; bytes mediaRootBackupKey = 3; string currentAppVersion = 4; }
message Frame {
  oneof item {
    Account account = 1; Recipient recipient = 2; Chat chat = 3; ChatItem chatItem = 4; Pack stickerPack = 5;
    AdHoc adHocCall = 6; Folder chatFolder = 8;
  }
}
message Account { bytes profileKey = 1; optional string username = 2; string givenName = 4; string familyName = 5; string svrPin = 11; }
message Recipient {
  uint64 id = 1;
  oneof destination { Contact contact = 2; Group group = 3; Nothing self = 5; Nothing releaseNotes = 6; Link callLink = 7; }
}
message Nothing {}
message Contact {
  optional bytes aci = 1; optional bytes pni = 2; optional uint64 e164 = 4; optional string profileGivenName = 11;
  string systemGivenName = 18; optional bytes profileKey = 9;
}
message Group { bytes masterKey = 1; Snapshot snapshot = 5; }
message Snapshot { Blob title = 2; uint32 version = 6; repeated Member members = 7; }
message Blob { oneof content { string title = 1; } }
message Member { bytes userId = 1; int32 role = 2; }
message Link { bytes rootKey = 1; string name = 3; }
message Chat { uint64 id = 1; uint64 recipientId = 2; optional uint64 expirationTimerMs = 5; }
message Pack { bytes packId = 1; }
message AdHoc { uint64 callId = 1; uint64 recipientId = 2; uint64 callTimestamp = 4; }
message Folder { string name = 1; repeated uint64 includedRecipientIds = 7; }
message ChatItem {
  uint64 chatId = 1; uint64 authorId = 2; uint64 dateSent = 3; optional uint64 expiresInMs = 5; repeated ChatItem revisions = 6;
  oneof details { Incoming incoming = 8; Outgoing outgoing = 9; Nothing directionless = 10; }
  oneof content {
    Standard standardMessage = 11; Sticker stickerMessage = 13; Nothing remoteDeletedMessage = 14; Update updateMessage = 15;
    ViewOnce viewOnceMessage = 18; Poll poll = 20; Nothing futureMessage = 90;
  }
}
message Incoming { uint64 dateReceived = 1; optional uint64 dateServerSent = 2; bool read = 3; }
message Outgoing { repeated Status sendStatus = 1; uint64 dateReceived = 2; }
message Status { uint64 recipientId = 1; uint64 timestamp = 2; oneof state { Nothing sent = 4; Nothing delivered = 5; Nothing read = 6; } }
message Text { string body = 1; }
message Standard {
  optional Quote quote = 1; optional Text text = 2; repeated Attachment attachments = 3; optional Pointer longText = 5;
  repeated Reaction reactions = 6; string futureField = 77;
}
message Quote { optional uint64 targetSentTimestamp = 1; uint64 authorId = 2; optional Text text = 3; }
message Attachment { Pointer pointer = 1; bool wasDownloaded = 3; }
message Pointer { optional string contentType = 4; optional string fileName = 7; Locator locatorInfo = 13; }
message Locator {
  bytes key = 1; uint32 size = 3; optional bytes localKey = 9;
  oneof check { bytes plaintextHash = 10; bytes encryptedDigest = 11; }
}
message Reaction { string emoji = 1; uint64 authorId = 2; uint64 sentTimestamp = 3; uint64 sortOrder = 4; }
message Sticker { StickerData sticker = 1; }
message StickerData { bytes packId = 1; uint32 stickerId = 3; optional string emoji = 4; Pointer data = 5; }
message ViewOnce { Attachment attachment = 1; }
message Poll { string question = 1; repeated Option options = 3; }
message Option { string option = 1; repeated Vote votes = 2; }
message Vote { uint64 voterId = 1; uint32 voteCount = 2; }
message Update { oneof update { Call individualCall = 7; Simple simpleUpdate = 1; } }
message Simple { int32 type = 1; }
message Call { optional uint64 callId = 1; int32 type = 2; int32 direction = 3; int32 state = 4; uint64 startedCallTimestamp = 5; }
message Metadata { uint32 version = 1; SealedId backupId = 2; }
message SealedId { bytes iv = 1; bytes encryptedId = 2; }
message Entry { string mediaName = 1; }
`;
