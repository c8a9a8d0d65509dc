/** Messages of a chat, in the notation of frames-schema.ts. */
export const messagesSchema = `
ChatItem: chatId 1 u, authorId 2 u, dateSent 3 u, expireStartDate 4 u, expiresInMs 5 u, revisions 6 ChatItem*, sms 7 b, incoming 8 Incoming, outgoing 9 Outgoing, directionless 10 Empty, standardMessage 11 StandardMessage, contactMessage 12 ContactMessage, stickerMessage 13 StickerMessage, remoteDeletedMessage 14 Empty, updateMessage 15 ChatUpdateMessage, paymentNotification 16 PaymentNotification, giftBadge 17 GiftBadge, viewOnceMessage 18 ViewOnceMessage, directStoryReplyMessage 19 DirectStoryReplyMessage, poll 20 Poll, pinDetails 21 PinDetails, adminDeletedMessage 22 AdminDeleted
PinDetails: pinnedAtTimestamp 1 u, pinExpiresAtTimestamp 2 u, pinNeverExpires 3 b
AdminDeleted: adminId 1 u
Incoming: dateReceived 1 u, dateServerSent 2 u, read 3 b, sealedSender 4 b
Outgoing: sendStatus 1 SendStatus*, dateReceived 2 u
SendStatus: recipientId 1 u, timestamp 2 u, pending 3 Empty, sent 4 Reached, delivered 5 Reached, read 6 Reached, viewed 7 Reached, skipped 8 Empty, failed 9 Failed
Reached: sealedSender 1 b
Failed: reason 1 SendFailure

Text: body 1 s, bodyRanges 2 BodyRange*
BodyRange: start 1 u, length 2 u, mentionAci 3 y, style 4 BodyStyle
StandardMessage: quote 1 Quote, text 2 Text, attachments 3 MessageAttachment*, linkPreview 4 LinkPreview*, longText 5 FilePointer, reactions 6 Reaction*
Quote: targetSentTimestamp 1 u, authorId 2 u, text 3 Text, attachments 4 QuotedAttachment*, type 5 QuoteType
QuotedAttachment: contentType 1 s, fileName 2 s, thumbnail 3 MessageAttachment
MessageAttachment: pointer 1 FilePointer, flag 2 AttachmentFlag, wasDownloaded 3 b, clientUuid 4 y
FilePointer: contentType 4 s, incrementalMac 5 y, incrementalMacChunkSize 6 u, fileName 7 s, width 8 u, height 9 u, caption 10 s, blurHash 11 s, locatorInfo 13 LocatorInfo
LocatorInfo: key 1 y, size 3 u, transitCdnKey 4 s, transitCdnNumber 5 u, transitTierUploadTimestamp 6 u, mediaTierCdnNumber 7 u, localKey 9 y, plaintextHash 10 y, encryptedDigest 11 y
LinkPreview: url 1 s, title 2 s, image 3 FilePointer, description 4 s, date 5 u
Reaction: emoji 1 s, authorId 2 u, sentTimestamp 3 u, sortOrder 4 u
ContactMessage: contact 1 ContactAttachment, reactions 2 Reaction*
ContactAttachment: name 1 ContactName, number 3 ContactPhone*, email 4 ContactEmail*, address 5 ContactAddress*, avatar 6 FilePointer, organization 7 s
ContactName: givenName 1 s, familyName 2 s, prefix 3 s, suffix 4 s, middleName 5 s, nickname 6 s
ContactPhone: value 1 s, type 2 ContactType, label 3 s
ContactEmail: value 1 s, type 2 ContactType, label 3 s
ContactAddress: type 1 AddressType, label 2 s, street 3 s, pobox 4 s, neighborhood 5 s, city 6 s, region 7 s, postcode 8 s, country 9 s
StickerMessage: sticker 1 Sticker, reactions 2 Reaction*
Sticker: packId 1 y, packKey 2 y, stickerId 3 u, emoji 4 s, data 5 FilePointer
ViewOnceMessage: attachment 1 MessageAttachment, reactions 2 Reaction*
DirectStoryReplyMessage: textReply 1 TextReply, emoji 2 s, reactions 3 Reaction*
TextReply: text 1 Text, longText 2 FilePointer
GiftBadge: receiptCredentialPresentation 1 y, state 2 GiftState
PaymentNotification: amountMob 1 s, feeMob 2 s, note 3 s, transactionDetails 4 TransactionDetails
TransactionDetails: transaction 1 Transaction, failedTransaction 2 FailedTransaction
FailedTransaction: reason 1 PaymentFailure
Transaction: status 1 PaymentStatus, mobileCoinIdentification 2 MobileCoinIds, timestamp 3 u, blockIndex 4 u, blockTimestamp 5 u, transaction 6 y, receipt 7 y
MobileCoinIds: publicKey 1 y*, keyImages 2 y*
Poll: question 1 s, allowMultiple 2 b, options 3 PollOption*, hasEnded 4 b, reactions 5 Reaction*
PollOption: option 1 s, votes 2 PollVote*
PollVote: voterId 1 u, voteCount 2 u
`;
