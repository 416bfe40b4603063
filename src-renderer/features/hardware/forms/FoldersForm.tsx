import { Button, Code, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { PlainTable } from '../../../components/PlainTable.tsx';
import { useText } from '../../../locales/i18n.ts';
import { AddFolderForm } from '../add/AddFolderForm.tsx';
import { FormFrame } from '../FormFrame.tsx';
import type { DeviceFormProps } from './CpuForm.tsx';
import { RemovalButton } from './RemovalButton.tsx';

/** Folders of the host that the guest can mount, and how it does. */
export function FoldersForm({ model, device }: DeviceFormProps) {
  const { t } = useText();
  const { stored, put, editable, administers } = model;
  const [opened, { open, close }] = useDisclosure(false);
  const folders = stored.sharedFolders;
  return (
    <FormFrame model={model} device={device} title={t('hardware:device.folders')}>
      {folders.length === 0 ? (
        <Text size="sm">{t('hardware:folders.none')}</Text>
      ) : (
        <PlainTable
          label={t('hardware:device.folders')}
          head={[t('hardware:folders.tag'), t('hardware:folders.driver'), '', t('hardware:folders.path')]}
          rows={folders.map(({ tag, path, driver, readonly }) => ({
            key: tag,
            cells: [
              tag,
              readonly ? t('hardware:folders.readonlyOf', { driver }) : driver,
              <RemovalButton
                key="remove"
                model={model}
                wish={`remove-folder/${tag}`}
                label={t('hardware:folders.remove')}
                onRemove={() => put({ type: 'remove-folder', tag })}
              />,
              path,
            ],
          }))}
        />
      )}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          disabled={!editable || !administers}
          onClick={open}
        >
          {t('hardware:folders.add')}
        </Button>
      </div>
      <Text size="sm" c="var(--limen-quiet)">
        {t(administers ? 'hardware:folders.about' : 'hardware:folders.refused')}
      </Text>
      {folders.length > 0 && <Text size="sm">{t('hardware:folders.mount')}</Text>}
      {folders.map(({ tag, driver }) => (
        <Code block key={tag}>
          {driver === 'virtiofs'
            ? `mount -t virtiofs ${tag} /mnt`
            : `mount -t 9p -o trans=virtio,version=9p2000.L ${tag} /mnt`}
        </Code>
      ))}
      <Modal opened={opened} onClose={close} title={t('hardware:folders.title')}>
        <AddFolderForm
          taken={folders.map(({ tag }) => tag)}
          onAdd={(folder) => {
            put({ type: 'add-folder', ...folder });
            close();
          }}
          onCancel={close}
        />
      </Modal>
    </FormFrame>
  );
}
