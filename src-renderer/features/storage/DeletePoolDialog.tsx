import type { HostLinkId, StoragePool } from '@limen/contract';
import { Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { hostClient } from '../../api/host-client.ts';
import { notifyDone } from '../../components/notify.tsx';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { usePoolVolumes } from '../../stores/storage.ts';
import { TypedConfirmation } from './TypedConfirmation.tsx';

export interface DeletePoolDialogProps {
  readonly linkId: HostLinkId;
  readonly pool: StoragePool;
  readonly onClose: () => void;
}

/** Forget a pool, and leave what lies in it alone unless that is chosen. */
export function DeletePoolDialog({ linkId, pool, onClose }: DeletePoolDialogProps) {
  const { t } = useText();
  const [data, setData] = useState<'keep' | 'delete'>('keep');
  const { volumes } = usePoolVolumes(linkId, pool.id);
  const names = volumes?.map((volume) => volume.name) ?? [];
  const used = volumes?.some(({ usedBy }) => usedBy.some(({ kind }) => kind !== 'volume')) === true;
  const mayDelete = pool.state === 'running' && names.length > 0 && !used;
  const remove = async (): Promise<void> => {
    await hostClient(linkId).storage.deletePool({
      poolId: pool.id,
      ...(data === 'delete' && { deleteVolumes: names }),
    });
    notifyDone(t('storage:deletePool.done', { name: pool.name }));
    navigate({ page: 'storage', linkId });
  };
  return (
    <TypedConfirmation
      title={t('storage:deletePool.title', { name: pool.name })}
      lost={
        data === 'keep'
          ? t('storage:deletePool.kept')
          : t('storage:deletePool.lost', { count: names.length, names: names.join(', ') })
      }
      word={data === 'keep' ? null : pool.name}
      submit={t(data === 'keep' ? 'storage:deletePool.submit' : 'storage:deletePool.submitAll')}
      onConfirm={remove}
      onClose={onClose}
    >
      <Radio.Group
        label={t('storage:deletePool.data')}
        value={data}
        onChange={(value) => setData(value === 'delete' ? 'delete' : 'keep')}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="keep" label={t('storage:deletePool.keep')} />
          <Radio
            value="delete"
            label={t('storage:deletePool.deleteToo')}
            disabled={!mayDelete}
            {...(!mayDelete && {
              description: t(used ? 'storage:deletePool.used' : 'storage:deletePool.nothing'),
            })}
          />
        </Stack>
      </Radio.Group>
    </TypedConfirmation>
  );
}
