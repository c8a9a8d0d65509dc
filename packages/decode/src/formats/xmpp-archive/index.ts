export { otrTranscript, xmppExport, xmppProsodyStore, xmppQueryResult, xmppSqlDump } from './formats.ts';
