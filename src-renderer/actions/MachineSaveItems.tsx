import type { Machine } from '@limen/contract';
import { Menu } from '@mantine/core';
import { IconDeviceFloppy, IconEraser } from '@tabler/icons-react';
import { asLimenError } from '../api/bridge.ts';
import { hostClient } from '../api/host-client.ts';
import { confirmDestructive } from '../components/confirm.tsx';
import { notifyError } from '../components/notify.tsx';
import { useText } from '../locales/i18n.ts';
import { followJobs } from '../stores/followed-jobs.ts';
import { useLink } from '../stores/links.ts';
import type { MachineRef } from '../stores/machine-key.ts';
import { mayOperate } from '../stores/power.ts';

export interface MachineSaveItemsProps {
  readonly target: MachineRef;
  readonly machine: Machine;
}

/** Putting a machine to sleep on the host's disk, and giving up what sleeps there. Starting it wakes it. */
export function MachineSaveItems({ target, machine }: MachineSaveItemsProps) {
  const { t } = useText();
  const link = useLink(target.linkId);
  if (link?.state !== 'live' || !link.capabilities.includes('snapshots') || !mayOperate(link, machine))
    return null;
  const { linkId, machineId } = target;
  const { name, state } = machine;
  const tell = (title: string) => (error: unknown) => notifyError(title, asLimenError(error), t);
  if (machine.persistent && (state === 'running' || state === 'paused')) {
    const save = () => {
      hostClient(linkId)
        .machines.save({ machineId })
        .then(
          (job) => followJobs({ linkId, jobIds: [job.id], kind: job.kind, name }),
          tell(t('power:save.refused', { name })),
        );
    };
    return (
      <Menu.Item leftSection={<IconDeviceFloppy size={16} aria-hidden />} onClick={save}>
        {t('power:save.menu')}
      </Menu.Item>
    );
  }
  if (state !== 'saved') return null;
  const discard = async (): Promise<void> => {
    const words = { title: t('power:discard.title', { name }), body: t('power:discard.body') };
    if (!(await confirmDestructive({ ...words, confirm: t('power:discard.confirm') }, t))) return;
    await hostClient(linkId).machines.discardSaved({ machineId });
  };
  return (
    <Menu.Item
      leftSection={<IconEraser size={16} aria-hidden />}
      color="var(--limen-error)"
      onClick={() => void discard().catch(tell(t('power:discard.refused', { name })))}
    >
      {t('power:discard.menu')}
    </Menu.Item>
  );
}
