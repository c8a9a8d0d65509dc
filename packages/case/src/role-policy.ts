import { parseVaultLocation } from '@custody/vault';
import { usage } from './errors.ts';

/** Who works on a case with storage credentials of their own. */
export const storageRoles = ['custodian', 'ingest', 'decode', 'commit', 'index', 'analyst', 'auditor'] as const;
export type StorageRole = (typeof storageRoles)[number];

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal?: { readonly AWS: readonly string[] };
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** What a role writes, as beginnings of object names. Everybody reads; what they read is sealed to others. */
const WRITES: Readonly<Record<StorageRole, readonly string[]>> = {
  custodian: [],
  ingest: ['originals/', 'secrets/', 'supplied/', 'stretches/', 'segments/', 'leaves/', 'index/', 'events/', 'log/'],
  decode: ['secrets/', 'segments/', 'leaves/', 'stretches/', 'index/'],
  commit: ['events/', 'log/commit/', 'log/tile/', 'log/checkpoint', 'stretches/'],
  index: ['index/'],
  analyst: ['events/', 'log/commit/', 'log/tile/', 'log/checkpoint', 'exhibits/'],
  auditor: [],
};

/** What opens what: the compartments whose keys a role needs, for the person that its worker acts as. */
export const roleCompartments: Readonly<Record<StorageRole, readonly string[]>> = {
  custodian: ['source', 'evidence', 'withheld', 'privileged', 'log'],
  ingest: ['source', 'evidence', 'log'],
  decode: ['source', 'evidence'],
  commit: ['evidence', 'log'],
  index: ['evidence'],
  analyst: ['evidence', 'log'],
  auditor: [],
};

const READ_ORIGINALS: readonly StorageRole[] = ['custodian', 'ingest', 'decode', 'auditor'];

/**
 * The bucket policies that let `principal` do the work of a role on a case and nothing else, by bucket. Only the
 * custodian, who makes and expunges cases and lifts holds, may remove or replace objects; all others but upload
 * markers, and index workers index tiles that a wider one replaced.
 * Nobody else may bypass retention. `forced` adds the condition that every object
 * is created only where none stands (s3:if-none-match), which AWS knows and Ceph 16.2 does not.
 */
export function rolePolicies(
  role: StorageRole,
  place: {
    readonly location: string;
    readonly originals?: string;
    readonly principal?: string;
    readonly forced?: boolean;
  },
): Readonly<Record<string, PolicyDocument>> {
  const state = bucketOf(place.location);
  const by = place.principal === undefined ? {} : { Principal: { AWS: [place.principal] } };
  const policies: Record<string, PolicyDocument> = {};
  const add = (bucket: string, statements: readonly Omit<PolicyStatement, 'Effect' | 'Principal'>[]): void => {
    const before = policies[bucket]?.Statement ?? [];
    const all = statements.map(({ Sid, ...rest }) => ({ Sid, Effect: 'Allow' as const, ...by, ...rest }));
    policies[bucket] = { Version: '2012-10-17', Statement: [...before, ...all] };
  };
  add(state.bucket, stateStatements(role, state, place.forced === true));
  if (place.originals !== undefined && READ_ORIGINALS.includes(role)) {
    const originals = bucketOf(place.originals);
    add(originals.bucket, originalsStatements(role, originals));
  }
  return policies;
}

type Statements = readonly Omit<PolicyStatement, 'Effect' | 'Principal'>[];

interface Place {
  readonly bucket: string;
  readonly root: string;
}

function bucketOf(location: string): Place {
  const place = parseVaultLocation(location);
  if (place.kind === 'directory')
    throw usage('ARGUMENT_INVALID', 'policies are for cases on S3: give s3://bucket/prefix');
  return { bucket: place.bucket, root: place.prefix === '' ? '' : `${place.prefix}/` };
}

function arn({ bucket, root }: Place, rest: string): string {
  return `arn:aws:s3:::${bucket}/${root}${rest}`;
}

function sidOf(role: StorageRole, what: string): string {
  return `Custody${role[0]?.toUpperCase()}${role.slice(1)}${what}`;
}

/** Where each user owns what he stored, as in Ceph, even the bucket's owner needs to be let at the objects of others. */
function everything(role: StorageRole, place: Place): Statements {
  const resources = [`arn:aws:s3:::${place.bucket}`, arn(place, '*')];
  return [{ Sid: sidOf(role, 'Does'), Action: ['s3:*'], Resource: resources }];
}

function stateStatements(role: StorageRole, place: Place, forced: boolean): Statements {
  if (role === 'custodian') return everything(role, place);
  const reads = [
    { Sid: sidOf(role, 'Lists'), Action: ['s3:ListBucket'], Resource: [`arn:aws:s3:::${place.bucket}`] },
    { Sid: sidOf(role, 'Reads'), Action: ['s3:GetObject'], Resource: [arn(place, '*')] },
  ];
  if (WRITES[role].length === 0) return reads;
  const writes = {
    Sid: sidOf(role, 'Writes'),
    Action: ['s3:PutObject'],
    Resource: WRITES[role].map((prefix) => arn(place, `${prefix}*`)),
    ...(forced && { Condition: { Null: { 's3:if-none-match': 'false' } } }),
  };
  // A wider tile takes the place of those below it; the index is derived.
  const clears = { Sid: sidOf(role, 'Clears'), Action: ['s3:DeleteObject'], Resource: [arn(place, 'index/*')] };
  if (role === 'index') return [...reads, writes, clears];
  if (role !== 'ingest') return [...reads, writes];
  // Originals without a bucket of their own: long ones go in parts, which know no condition.
  const parts = {
    Sid: sidOf(role, 'Uploads'),
    Action: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
    Resource: [arn(place, 'originals/*')],
  };
  const markers = {
    Sid: sidOf(role, 'Markers'),
    Action: ['s3:PutObject', 's3:DeleteObject'],
    Resource: [arn(place, '.tmp/*')],
  };
  return [...reads, writes, parts, markers];
}

function originalsStatements(role: StorageRole, place: Place): Statements {
  if (role === 'custodian') return everything(role, place);
  const reads = [
    {
      Sid: sidOf(role, 'ListsVersions'),
      Action: ['s3:ListBucket', 's3:ListBucketVersions'],
      Resource: [`arn:aws:s3:::${place.bucket}`],
    },
    {
      Sid: sidOf(role, 'ReadsVersions'),
      Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectRetention', 's3:GetObjectLegalHold'],
      Resource: [arn(place, 'originals/*')],
    },
  ];
  if (role !== 'ingest') return reads;
  const stores = {
    Sid: sidOf(role, 'StoresAndLocks'),
    Action: [
      's3:PutObject',
      's3:PutObjectRetention',
      's3:PutObjectLegalHold',
      's3:AbortMultipartUpload',
      's3:ListMultipartUploadParts',
    ],
    Resource: [arn(place, 'originals/*')],
  };
  return [...reads, stores];
}
