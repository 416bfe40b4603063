import { LimenError } from '@limen/contract';
import { useState } from 'react';
import { asLimenError } from '../../api/bridge.ts';
import { hostClient } from '../../api/host-client.ts';
import { notifyDone, notifyError } from '../../components/notify.tsx';
import { useText } from '../../locales/i18n.ts';
import type { TrashEntry } from '../../stores/trash.ts';

export interface Restore {
  readonly restore: (entry: TrashEntry) => void;
  /** Cannot come back under its own name: another machine has it by now. */
  readonly renaming: TrashEntry | undefined;
  readonly closeRenaming: () => void;
}

/** Take machines out of the trash; asks for a name only where the old one is taken. */
export function useRestore(): Restore {
  const { t } = useText();
  const [renaming, setRenaming] = useState<TrashEntry>();
  const restore = (entry: TrashEntry) => {
    const { name } = entry.trashed;
    hostClient(entry.linkId)
      .machines.restore({ machineId: entry.machine.id })
      .then(
        () => notifyDone(t('trash:restore.done', { name })),
        (failure: unknown) => {
          const error = asLimenError(failure);
          if (LimenError.is(error, 'CONFLICT') && error.data.reason === 'name-taken') setRenaming(entry);
          else notifyError(t('trash:restore.refused', { name }), error, t);
        },
      );
  };
  return { restore, renaming, closeRenaming: () => setRenaming(undefined) };
}
