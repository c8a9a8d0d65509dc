/** What the app itself writes into a chat, in the notation of frames-schema.ts. */
export const updatesSchema = `
ChatUpdateMessage: simpleUpdate 1 SimpleChatUpdate, groupChange 2 GroupChange, expirationTimerChange 3 TimerChange, profileChange 4 ProfileChange, threadMerge 5 ThreadMerge, sessionSwitchover 6 SessionSwitchover, individualCall 7 IndividualCall, groupCall 8 GroupCall, learnedProfileChange 9 LearnedProfile, pollTerminate 10 PollTerminate, pinMessage 11 PinMessage
PinMessage: targetSentTimestamp 1 u, authorId 2 u
SimpleChatUpdate: type 1 SimpleUpdateType
TimerChange: expiresInMs 1 u
ProfileChange: previousName 1 s, newName 2 s
LearnedProfile: e164 1 u, username 2 s
ThreadMerge: previousE164 1 u
SessionSwitchover: e164 1 u
PollTerminate: targetSentTimestamp 1 u, question 2 s
IndividualCall: callId 1 u, type 2 CallType, direction 3 CallDirection, state 4 CallState, startedCallTimestamp 5 u, read 6 b
GroupCall: callId 1 u, state 2 GroupCallState, ringerRecipientId 3 u, startedCallRecipientId 4 u, startedCallTimestamp 5 u, endedCallTimestamp 6 u, read 7 b

GroupChange: updates 1 GroupUpdate*
GroupUpdate: genericGroupUpdate 1 ByUpdater, groupCreationUpdate 2 ByUpdater, groupNameUpdate 3 GroupNameUpdate, groupAvatarUpdate 4 GroupAvatarUpdate, groupDescriptionUpdate 5 GroupDescriptionUpdate, groupMembershipAccessLevelChangeUpdate 6 AccessChange, groupAttributesAccessLevelChangeUpdate 7 AccessChange, groupAnnouncementOnlyChangeUpdate 8 AnnouncementChange, groupAdminStatusUpdate 9 AdminChange, groupMemberLeftUpdate 10 MemberLeft, groupMemberRemovedUpdate 11 MemberRemoved, selfInvitedToGroupUpdate 12 ByInviter, selfInvitedOtherUserToGroupUpdate 13 InvitedOther, groupUnknownInviteeUpdate 14 UnknownInvitee, groupInvitationAcceptedUpdate 15 InvitationAccepted, groupInvitationDeclinedUpdate 16 InvitationDeclined, groupMemberJoinedUpdate 17 NewMember, groupMemberAddedUpdate 18 MemberAdded, groupSelfInvitationRevokedUpdate 19 ByRevoker, groupInvitationRevokedUpdate 20 InvitationRevoked, groupJoinRequestUpdate 21 Requestor, groupJoinRequestApprovalUpdate 22 RequestApproval, groupJoinRequestCanceledUpdate 23 Requestor, groupInviteLinkResetUpdate 24 ByUpdater, groupInviteLinkEnabledUpdate 25 LinkChange, groupInviteLinkAdminApprovalUpdate 26 LinkChange, groupInviteLinkDisabledUpdate 27 ByUpdater, groupMemberJoinedByLinkUpdate 28 NewMember, groupV2MigrationUpdate 29 Empty, groupV2MigrationSelfInvitedUpdate 30 Empty, groupV2MigrationInvitedMembersUpdate 31 InvitedMembers, groupV2MigrationDroppedMembersUpdate 32 DroppedMembers, groupSequenceOfRequestsAndCancelsUpdate 33 RequestsAndCancels, groupExpirationTimerUpdate 34 GroupTimer, groupMemberLabelAccessLevelChangeUpdate 35 AccessChange, groupTerminateChangeUpdate 36 ByUpdater
ByUpdater: updaterAci 1 y
ByInviter: inviterAci 1 y
ByRevoker: revokerAci 1 y
GroupNameUpdate: updaterAci 1 y, newGroupName 2 s
GroupAvatarUpdate: updaterAci 1 y, wasRemoved 2 b
GroupDescriptionUpdate: updaterAci 1 y, newDescription 2 s
AccessChange: updaterAci 1 y, accessLevel 2 AccessRequired
AnnouncementChange: updaterAci 1 y, isAnnouncementOnly 2 b
AdminChange: updaterAci 1 y, memberAci 2 y, wasAdminStatusGranted 3 b
MemberLeft: aci 1 y
MemberRemoved: removerAci 1 y, removedAci 2 y
InvitedOther: inviteeServiceId 1 y
UnknownInvitee: inviterAci 1 y, inviteeCount 2 u
InvitationAccepted: inviterAci 1 y, newMemberAci 2 y
InvitationDeclined: inviterAci 1 y, inviteeAci 2 y
NewMember: newMemberAci 1 y
MemberAdded: updaterAci 1 y, newMemberAci 2 y, hadOpenInvitation 3 b, inviterAci 4 y
InvitationRevoked: updaterAci 1 y, invitees 2 Invitee*
Invitee: inviterAci 1 y, inviteeAci 2 y, inviteePni 3 y
Requestor: requestorAci 1 y
RequestApproval: requestorAci 1 y, updaterAci 2 y, wasApproved 3 b
RequestsAndCancels: requestorAci 1 y, count 2 u
LinkChange: updaterAci 1 y, linkRequiresAdminApproval 2 b
InvitedMembers: invitedMembersCount 1 u
DroppedMembers: droppedMembersCount 1 u
GroupTimer: expiresInMs 1 u, updaterAci 2 y
`;
