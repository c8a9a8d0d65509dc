export { type Disposition, dispositions } from '@custody/evidence';
export {
  type ExhibitLanguage,
  type ExhibitMedia,
  exhibitLanguages,
  exhibitMedia,
  fill as fillText,
  notCheckedText,
} from '@custody/exhibit';
export type { IndexHit, IndexQuery } from '@custody/search';
export { addAuthority, unrestricted } from './add-authority.ts';
export { type AnchorStatus, anchorStatus } from './anchors/anchor-status.ts';
export { memoryFolder } from './anchors/checkpoint-memory.ts';
export type { TimestampAnchor } from './anchors/verify-anchors.ts';
export type { CosignatureAnchor } from './anchors/verify-cosignatures.ts';
export type { OutsideKnowledge } from './anchors/verify-outside.ts';
export {
  type CaseDecision,
  type CaseExpungement,
  CaseHistory,
  type DecisionRun,
  type PrivilegeState,
  privilegeStates,
} from './case-history.ts';
export type { CaseAuthority, CaseCapture, CaseDerivation, CaseState, DerivationTotals } from './case-state.ts';
export type { CaseVerdict, VerifyOptions } from './case-verdict.ts';
export { type Correction, correct } from './correct.ts';
export { type CreateOptions, createCase } from './create-case.ts';
export { type DecideReport, decide } from './decide.ts';
export type { DecideOptions } from './decide-options.ts';
export {
  type Disclosed,
  type DiscloseOptions,
  type DisclosureLaw,
  disclose,
  disclosureLaws,
} from './disclosure/disclose.ts';
export { itemsInScope } from './disclosure/review.ts';
export { type CaseErrorCode, RefusedError } from './errors.ts';
export { type ExportOptions, exportItems, type MadeExport } from './exchange/export-items.ts';
export { exportProvenance, type MadeProvenance, type ProvenanceOptions } from './exchange/export-provenance.ts';
export { exhibitSummary, verdictSummary } from './exhibit-summary.ts';
export { type ExpungementReport, type ExpungeOptions, expunge, expungementPlan } from './expunge.ts';
export type { ExpungementPlan } from './expunge-plan.ts';
export { type ExpungedBy, type ExpungedJson, expungedNotes, expungedText } from './expunged-json.ts';
export type { Failure } from './failure.ts';
export { type FinishedRewrite, finishRewrites } from './finish-rewrites.ts';
export { type IndexResult, indexCase, indexOneSegment, indexSegments, segmentsWithoutTile } from './index-case.ts';
export { type IngestOptions, type IngestResult, ingest } from './ingest.ts';
export { type FindingJson, findingJson, type ItemJson, itemJson } from './item-json.ts';
export {
  addPersons,
  type Grant,
  type KeyReport,
  type RotateTerms,
  replacePerson,
  rotateCompartment,
  rotateLogKey,
} from './keys/key-acts.ts';
export { compartmentNamed } from './keys/key-copies.ts';
export { type KeyList, listKeys } from './keys/list-keys.ts';
export { leftOutNotes } from './links/left-out.ts';
export { linksOfCase } from './links/links-of-case.ts';
export { type LinkLine, type LinksOptions, listLinks } from './links/list-links.ts';
export { type WatchHits, type WatchLine, type WatchOptions, watch } from './links/watch.ts';
export {
  type FindingFilter,
  type ItemFilter,
  listFindingLines,
  listFindings,
  listItemLines,
  listItems,
} from './list-leaves.ts';
export { type LogLine, listLog } from './list-log.ts';
export { type ExhibitOptions, type MadeExhibit, makeExhibit } from './make-exhibit.ts';
export { type MarkLabel, markLabels } from './marks/case-marks.ts';
export { type MarkedItems, type MarkOptions, markItems } from './marks/mark-items.ts';
export {
  type MergeJob,
  type MergeOptions,
  type MergeResult,
  mergeIndex,
  mergeJobs,
  mergeOne,
} from './merge-index.ts';
export { mergeAbove } from './next-merge.ts';
export { Case, type OpenOptions, openCase } from './open-case.ts';
export type { OriginalsPlace } from './open-store.ts';
export { makeOrdered } from './ordered/make-ordered.ts';
export { collectExhibit, type OrderedResult, orderExhibit, orderedResult } from './ordered/order-exhibit.ts';
export { identityPath, loadOrCreatePerson, loadPerson, type Person, type PersonDetails } from './person.ts';
export { DiskScratch } from './pipeline/disk-scratch.ts';
export { type StageName, type StageTime, type StageTimes, stageNames } from './pipeline/stage-meter.ts';
export type { Progress, ProgressStage } from './progress.ts';
export {
  type MentionJson,
  type QueryLine,
  type QueryOptions,
  queryCase,
  searchHits,
  selectByIndex,
} from './query-case.ts';
export { readAnnotations } from './read-annotations.ts';
export { QueryReceipt, type RepeatedQuery } from './receipt/query-receipt.ts';
export type { Receipt, ReceiptStatement } from './receipt/receipt.ts';
export { type ReceiptVerdict, verifyReceipt } from './receipt/verify-receipt.ts';
export { type CompareLine, type CompareOptions, compare } from './reconcile/compare.ts';
export { type ReconcileOptions, reconcile } from './reconcile/reconcile.ts';
export type { ReconcileLine, ReconcileResult } from './reconcile/reconcile-line.ts';
export { recordVerification } from './record-verification.ts';
export { fieldRule, type Passage, type RedactionRule, readRedactions, valueRule } from './redaction-rules.ts';
export { type LeafDifference, type Rederived, rederive } from './rederive.ts';
export type { ReportLine } from './reports/report-line.ts';
export {
  type TelecomReport,
  type TelecomReportOptions,
  telecomReport,
  telecomReports,
} from './reports/telecom-report.ts';
export { requireWholeLog } from './require-whole-log.ts';
export { type RestoreOptions, type RestoreReport, restoreCheck } from './restore.ts';
export { type Resumed, resume } from './resume.ts';
export {
  type PolicyDocument,
  type PolicyStatement,
  roleCompartments,
  rolePolicies,
  type StorageRole,
  storageRoles,
} from './role-policy.ts';
export { type CaseStatus, caseStatus } from './status.ts';
export { type CommittedStretches, commitReady } from './stretches/commit-ready.ts';
export {
  ingestForWorkers,
  type PlannedIngest,
  plannedResult,
  resumeForWorkers,
} from './stretches/ingest-for-workers.ts';
export { planDerivation, type StretchProgress, stretchesDue, stretchProgress } from './stretches/plan-derivation.ts';
export { neededFor, requireHeld } from './stretches/require-held.ts';
export { type DecodedStretch, StretchDecoder } from './stretches/stretch-decoder.ts';
export type { StretchPlan } from './stretches/stretch-plan.ts';
export { type Timestamped, type TimestampOptions, timestampCase } from './timestamp/timestamp-case.ts';
export { type ToolBuild, toolBuild, toolVersion } from './tool-build.ts';
export { verifyCase } from './verify-case.ts';
export { type ExhibitFileVerdict, verifyExhibitFile } from './verify-exhibit-file.ts';
export type { WitnessAddress } from './witness/ask-witness.ts';
export { Witness, type WitnessTerms } from './witness/witness.ts';
export { type AskOptions, askWitnesses, refuseRollback, type Witnessed } from './witness/witness-case.ts';
export { makeWitnessKey, readWitnessKey, type WitnessKey } from './witness/witness-key.ts';
export { WitnessMemory } from './witness/witness-memory.ts';
