export { otrTranscript, xmppExport, xmppQueryResult, xmppSqlDump } from './formats.ts';
