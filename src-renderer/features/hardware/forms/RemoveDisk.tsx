import { Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { DialogActions } from '../../../components/DialogActions.tsx';
import { RadioChoices } from '../../../components/RadioChoices.tsx';
import { useText } from '../../../locales/i18n.ts';
import classes from '../hardware.module.css';
import type { DiskDevice } from '../model/devices.ts';
import type { DeviceFormProps } from './CpuForm.tsx';
import { RemovalButton } from './RemovalButton.tsx';

/** Detaching a disk, with the choice of what becomes of its file; or taking that wish back. */
export function RemoveDisk({ model, device }: DeviceFormProps<DiskDevice>) {
  const { t } = useText();
  const [opened, { open, close }] = useDisclosure(false);
  const key = `remove-disk/${device.target}`;
  const { stored } = device;
  if (!stored) return null;
  const detach = (deleteFile: boolean) => {
    model.put({ type: 'remove-disk', target: device.target, deleteFile });
    close();
  };
  const hasFile = device.kind === 'disk' && stored.source !== null;
  return (
    <>
      <RemovalButton
        model={model}
        wish={key}
        label={t('hardware:disk.detach')}
        onRemove={hasFile ? open : () => detach(false)}
      />
      <Modal
        opened={opened}
        onClose={close}
        title={t('hardware:disk.detachTitle', { name: device.target, machine: model.machine.name })}
      >
        <DetachForm file={stored.source ?? ''} onCancel={close} onDetach={detach} />
      </Modal>
    </>
  );
}

interface DetachFormProps {
  readonly file: string;
  readonly onCancel: () => void;
  readonly onDetach: (deleteFile: boolean) => void;
}

function DetachForm({ file, onCancel, onDetach }: DetachFormProps) {
  const { t } = useText();
  const [fate, setFate] = useState<'keep' | 'delete'>('keep');
  const isDeletion = fate === 'delete';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onDetach(isDeletion);
      }}
    >
      <Stack>
        <Text size="sm" className={classes['mono'] ?? ''}>
          {file}
        </Text>
        <RadioChoices
          label={t('hardware:disk.fate')}
          choices={[
            { value: 'keep', label: t('hardware:disk.keepFile'), about: t('hardware:disk.keepFileAbout') },
            {
              value: 'delete',
              label: t('hardware:disk.deleteFile'),
              about: t('hardware:disk.deleteFileAbout'),
            },
          ]}
          value={fate}
          onChange={(value) => setFate(value === 'delete' ? 'delete' : 'keep')}
        />
        <DialogActions
          busy={false}
          submit={t(isDeletion ? 'hardware:disk.detachAndDelete' : 'hardware:disk.detach')}
          {...(isDeletion && { color: 'red' })}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  );
}
