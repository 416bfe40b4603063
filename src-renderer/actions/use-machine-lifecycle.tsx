import type { Machine } from '@limen/contract';
import { Anchor } from '@mantine/core';
import { hideNotification, notifications } from '@mantine/notifications';
import { IconTrash } from '@tabler/icons-react';
import { useMemo } from 'react';
import { asLimenError } from '../api/bridge.ts';
import { hostClient } from '../api/host-client.ts';
import { confirmDestructive } from '../components/confirm.tsx';
import { notifyDone, notifyError } from '../components/notify.tsx';
import { type Translate, useText } from '../locales/i18n.ts';
import { followJobs } from '../stores/followed-jobs.ts';
import type { MachineRef } from '../stores/machine-key.ts';
import { hasScreen } from '../stores/power.ts';

type MachineAct = (target: MachineRef, machine: Machine) => void;

export interface MachineLifecycle {
  /** Asks first only where the machine runs: the trash itself can be undone. */
  readonly trash: MachineAct;
  readonly flatten: MachineAct;
  readonly finishInstallation: MachineAct;
}

/** Acts that need no dialog of their own. A refusal is told with its reason. */
export function useMachineLifecycle(): MachineLifecycle {
  const { t } = useText();
  return useMemo(() => {
    const tell = (title: string) => (error: unknown) => notifyError(title, asLimenError(error), t);
    return {
      trash: ({ linkId, machineId }, machine) => {
        moveToTrash({ linkId, machineId }, machine, t).catch(
          tell(t('lifecycle:trash.refused', { name: machine.name })),
        );
      },
      flatten: ({ linkId, machineId }, { name }) => {
        hostClient(linkId)
          .machines.flatten({ machineId })
          .then(
            (job) => followJobs({ linkId, jobIds: [job.id], kind: job.kind, name }),
            tell(t('lifecycle:flattenRefused', { name })),
          );
      },
      finishInstallation: ({ linkId, machineId }, { name }) => {
        hostClient(linkId)
          .machines.finishInstallation({ machineId })
          .then(
            () => notifyDone(t('lifecycle:installed', { name })),
            tell(t('lifecycle:finishRefused', { name })),
          );
      },
    };
  }, [t]);
}

async function moveToTrash({ linkId, machineId }: MachineRef, machine: Machine, t: Translate): Promise<void> {
  const { name } = machine;
  if (hasScreen(machine.state)) {
    const sure = await confirmDestructive(
      {
        title: t('lifecycle:trash.title', { name }),
        body: t('lifecycle:trash.body'),
        confirm: t('lifecycle:trash.menu'),
      },
      t,
    );
    if (!sure) return;
  }
  await hostClient(linkId).machines.delete({ machineId });
  const id = `trashed/${linkId}/${machineId}`;
  const undo = () => {
    hideNotification(id);
    hostClient(linkId)
      .machines.restore({ machineId })
      .catch((error: unknown) =>
        notifyError(t('lifecycle:trash.undoRefused', { name }), asLimenError(error), t),
      );
  };
  notifications.show({
    id,
    icon: <IconTrash size={18} />,
    title: t('lifecycle:trash.done', { name }),
    message: (
      <Anchor component="button" size="sm" underline="always" onClick={undo}>
        {t('lifecycle:trash.undo')}
      </Anchor>
    ),
    autoClose: 12_000,
  });
}
