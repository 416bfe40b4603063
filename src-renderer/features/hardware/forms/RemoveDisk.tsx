import { Button, Modal, Radio, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowBackUp, IconPlugX } from '@tabler/icons-react';
import { useState } from 'react';
import { DialogActions } from '../../../components/DialogActions.tsx';
import { useText } from '../../../locales/i18n.ts';
import classes from '../hardware.module.css';
import type { DiskDevice } from '../model/devices.ts';
import type { DeviceFormProps } from './CpuForm.tsx';

/** Detaching a disk, with the choice of what becomes of its file; or taking that wish back. */
export function RemoveDisk({ model, device }: DeviceFormProps<DiskDevice>) {
  const { t } = useText();
  const [opened, { open, close }] = useDisclosure(false);
  const key = `remove-disk/${device.target}`;
  const { stored } = device;
  if (!stored) return null;
  if (model.draft.has(key)) {
    return (
      <Button
        size="xs"
        variant="default"
        leftSection={<IconArrowBackUp size={14} aria-hidden />}
        disabled={!model.editable}
        onClick={() => model.drop(key)}
      >
        {t('hardware:keepDevice')}
      </Button>
    );
  }
  const detach = (deleteFile: boolean) => {
    model.put({ type: 'remove-disk', target: device.target, deleteFile });
    close();
  };
  const hasFile = device.kind === 'disk' && stored.source !== null;
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlugX size={14} aria-hidden />}
        disabled={!model.editable}
        onClick={hasFile ? open : () => detach(false)}
      >
        {t('hardware:disk.detach')}
      </Button>
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
        <Radio.Group
          label={t('hardware:disk.fate')}
          value={fate}
          onChange={(value) => setFate(value === 'delete' ? 'delete' : 'keep')}
        >
          <Stack gap={8} mt={6}>
            <Radio
              value="keep"
              label={t('hardware:disk.keepFile')}
              description={t('hardware:disk.keepFileAbout')}
            />
            <Radio
              value="delete"
              label={t('hardware:disk.deleteFile')}
              description={t('hardware:disk.deleteFileAbout')}
            />
          </Stack>
        </Radio.Group>
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
