/**
 * Messages of a backup with their fields, as the container numbers them: `name number type`, `*` for repeated. Types:
 * `u` varint, `b` bool, `s` text, `y` bytes, `x` fixed32, `f` float, else an enumeration or a message by its name.
 * Observed in the public test backups and in the names of their readable twins; sources in README.md.
 */
export const framesSchema = `
BackupInfo: version 1 u, backupTimeMs 2 u, mediaRootBackupKey 3 y, currentAppVersion 4 s, firstAppVersion 5 s, debugInfo 6 y
LocalMetadata: version 1 u, backupId 2 SealedId
SealedId: iv 1 y, encryptedId 2 y
MediaEntry: mediaName 1 s
Frame: account 1 AccountData, recipient 2 Recipient, chat 3 Chat, chatItem 4 ChatItem, stickerPack 5 StickerPack, adHocCall 6 AdHocCall, notificationProfile 7 NotificationProfile, chatFolder 8 ChatFolder

AccountData: profileKey 1 y, username 2 s, usernameLink 3 UsernameLink, givenName 4 s, familyName 5 s, avatarUrlPath 6 s, donationSubscriberData 7 SubscriberData, accountSettings 9 AccountSettings, backupsSubscriberData 10 IAPSubscriberData, svrPin 11 s, androidSpecificSettings 12 AndroidSpecificSettings, bioText 13 s, bioEmoji 14 s
UsernameLink: entropy 1 y, serverId 2 y, color 3 UsernameLinkColor
AccountSettings: readReceipts 1 b, sealedSenderIndicators 2 b, typingIndicators 3 b, linkPreviews 4 b, notDiscoverableByPhoneNumber 5 b, preferContactAvatars 6 b, universalExpireTimerSeconds 7 u, preferredReactionEmoji 8 s*, displayBadgesOnProfile 9 b, keepMutedChatsArchived 10 b, hasSetMyStoriesPrivacy 11 b, hasViewedOnboardingStory 12 b, storiesDisabled 13 b, storyViewReceiptsEnabled 14 b, hasSeenGroupStoryEducationSheet 15 b, hasCompletedUsernameOnboarding 16 b, phoneNumberSharingMode 17 PhoneNumberSharingMode, defaultChatStyle 18 ChatStyle, customChatColors 19 CustomChatColor*, optimizeOnDeviceStorage 20 b, backupTier 21 u, showSealedSenderIndicators 22 b, defaultSentMediaQuality 23 SentMediaQuality, autoDownloadSettings 24 AutoDownloadSettings, screenLockTimeoutMinutes 26 u, pinReminders 27 b, appTheme 28 AppTheme, callsUseLessDataSetting 29 CallsUseLessData, allowSealedSenderFromAnyone 30 b, allowAutomaticKeyVerification 31 b
AutoDownloadSettings: images 1 AutoDownloadOption, audio 2 AutoDownloadOption, video 3 AutoDownloadOption, documents 4 AutoDownloadOption
SubscriberData: subscriberId 1 y, currencyCode 2 s, manuallyCancelled 3 b
IAPSubscriberData: subscriberId 1 y, purchaseToken 2 s, originalTransactionId 3 u
AndroidSpecificSettings: useSystemEmoji 1 b, screenshotSecurity 2 b, navigationBarSize 3 NavigationBarSize

Recipient: id 1 u, contact 2 Contact, group 3 Group, distributionList 4 DistributionListItem, self 5 Self, releaseNotes 6 Empty, callLink 7 CallLink
Self: avatarColor 1 AvatarColor
Contact: aci 1 y, pni 2 y, username 3 s, e164 4 u, blocked 5 b, visibility 6 Visibility, registered 7 Empty, notRegistered 8 NotRegistered, profileKey 9 y, profileSharing 10 b, profileGivenName 11 s, profileFamilyName 12 s, hideStory 13 b, identityKey 14 y, identityState 15 IdentityState, nickname 16 Nickname, note 17 s, systemGivenName 18 s, systemFamilyName 19 s, systemNickname 20 s, avatarColor 21 AvatarColor, keyTransparencyData 22 y
NotRegistered: unregisteredTimestamp 1 u
Nickname: given 1 s, family 2 s
Group: masterKey 1 y, whitelisted 2 b, hideStory 3 b, storySendMode 4 StorySendMode, snapshot 5 GroupSnapshot, blocked 6 b, avatarColor 7 AvatarColor
GroupSnapshot: title 2 GroupAttributeBlob, avatarUrl 3 s, disappearingMessagesTimer 4 GroupAttributeBlob, accessControl 5 AccessControl, version 6 u, members 7 Member*, membersPendingProfileKey 8 PendingMember*, membersPendingAdminApproval 9 AskingMember*, inviteLinkPassword 10 y, description 11 GroupAttributeBlob, announcementsOnly 12 b, membersBanned 13 BannedMember*, terminated 14 b
GroupAttributeBlob: title 1 s, avatar 2 y, disappearingMessagesDuration 3 u, descriptionText 4 s
Member: userId 1 y, role 2 Role, joinedAtVersion 5 u, labelEmoji 6 s, labelString 7 s
PendingMember: member 1 Member, addedByUserId 2 y, timestamp 3 u
AskingMember: userId 1 y, timestamp 4 u
BannedMember: userId 1 y, timestamp 2 u
AccessControl: attributes 1 AccessRequired, members 2 AccessRequired, addFromInviteLink 3 AccessRequired, memberLabel 4 AccessRequired
CallLink: rootKey 1 y, adminKey 2 y, name 3 s, restrictions 4 CallLinkRestrictions, expirationMs 5 u, epoch 6 y
DistributionListItem: distributionId 1 y, deletionTimestamp 2 u, distributionList 3 DistributionList
DistributionList: name 1 s, allowReplies 2 b, privacyMode 3 PrivacyMode, memberRecipientIds 4 u*

Chat: id 1 u, recipientId 2 u, archived 3 b, pinnedOrder 4 u, expirationTimerMs 5 u, muteUntilMs 6 u, markedUnread 7 b, dontNotifyForMentionsIfMuted 8 b, style 9 ChatStyle, expireTimerVersion 10 u
ChatStyle: wallpaperPreset 1 WallpaperPreset, wallpaperPhoto 2 FilePointer, autoBubbleColor 3 Empty, bubbleColorPreset 4 BubbleColorPreset, customColorId 5 u, dimWallpaperInDarkMode 7 b
CustomChatColor: id 1 u, solid 2 x, gradient 3 Gradient
Gradient: angle 1 u, colors 2 x*, positions 3 f*
StickerPack: packId 1 y, packKey 2 y
AdHocCall: callId 1 u, recipientId 2 u, state 3 AdHocCallState, callTimestamp 4 u
NotificationProfile: name 1 s, emoji 2 s, color 3 x, createdAtMs 4 u, allowAllCalls 5 b, allowAllMentions 6 b, allowedMembers 7 u*, scheduleEnabled 8 b, scheduleStartTime 9 u, scheduleEndTime 10 u, scheduleDaysEnabled 11 DayOfWeek*, id 12 y
ChatFolder: name 1 s, showOnlyUnread 2 b, showMutedChats 3 b, includeAllIndividualChats 4 b, includeAllGroupChats 5 b, folderType 6 FolderType, includedRecipientIds 7 u*, excludedRecipientIds 8 u*, id 9 y
Empty:
`;
