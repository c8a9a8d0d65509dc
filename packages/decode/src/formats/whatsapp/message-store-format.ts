import type { CaptureFile, Format } from '../../format.ts';
import { UNAUTHENTICATED } from './authentications.ts';
import { DECODER_VERSION } from './backup-format.ts';
import { detectMessageStore } from './detect.ts';
import { joinIncrements } from './increment/join-increments.ts';
import {
  combineStore,
  finishStore,
  openStore,
  openStoreDecoder,
  type PlanState,
  planStore,
  type StoreSource,
} from './store-format.ts';

/** A message store that was supplied decrypted, with its write-ahead log where one is beside it. */
export const whatsappMessageStore: Format = {
  name: 'whatsapp-msgstore',
  title: 'WhatsApp for Android, msgstore.db or wa.db in clear',
  version: DECODER_VERSION,
  versions: 'old schema (messages) and new schema (message, chat, jid), read by column names',
  keyMaterial: 'none',
  authentication: UNAUTHENTICATED.proves,
  notCovered: 'as for the encrypted backups',
  detect: detectMessageStore,
  async prepare(file, context) {
    const whole = planStore(storeOf(file), { handle: null, keyIds: [], findings: [], folder: file.folder ?? null });
    const plan = await joinIncrements(whole, file, { context, store: () => openStore(storeOf(file)) });
    const logs = [`${file.name}-wal`, `${file.name}-shm`].filter((one) => file.folder?.open(one) != null);
    return { ...plan, covers: [...(plan.covers ?? []), ...logs] };
  },
  open: (plan, file, { scratch }) =>
    openStoreDecoder({ ...storeOf(file), file, scratch }, plan.state as PlanState, UNAUTHENTICATED),
  combine: combineStore,
  finish: (plan, summaries) => finishStore(plan.state as PlanState, summaries),
};

function storeOf(file: CaptureFile): StoreSource {
  return {
    source: file.source,
    path: file.name,
    wal: file.beside?.(`${file.name.slice(file.name.lastIndexOf('/') + 1)}-wal`) ?? null,
  };
}
