import type { FolderDriver, SharedFolder } from '@limen/contract';
import { Checkbox, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { DialogActions } from '../../../components/DialogActions.tsx';
import { RadioChoices } from '../../../components/RadioChoices.tsx';
import { useText } from '../../../locales/i18n.ts';

interface AddFolderFormProps {
  /** Tags that other folders of the machine have. */
  readonly taken: readonly string[];
  readonly onAdd: (folder: SharedFolder) => void;
  readonly onCancel: () => void;
}

const tagPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,35}$/;

/** A folder of the host to be shared. */
export function AddFolderForm({ taken, onAdd, onCancel }: AddFolderFormProps) {
  const { t } = useText();
  const form = useForm<SharedFolder>({
    initialValues: { path: '', tag: 'shared', driver: 'virtiofs', readonly: false },
    validate: {
      path: (path) => (path.trim().startsWith('/') ? null : t('hardware:wrong.folder')),
      tag: (tag) =>
        taken.includes(tag.trim())
          ? t('hardware:wrong.tagTaken')
          : tagPattern.test(tag.trim())
            ? null
            : t('hardware:wrong.tag'),
    },
    validateInputOnBlur: true,
  });
  const { driver } = form.values;
  return (
    <form
      onSubmit={form.onSubmit(({ path, tag, ...rest }) =>
        onAdd({ ...rest, path: path.trim(), tag: tag.trim() }),
      )}
    >
      <Stack>
        <TextInput
          label={t('hardware:folders.path')}
          placeholder="/srv/shared"
          spellCheck={false}
          data-autofocus
          {...form.getInputProps('path')}
        />
        <TextInput
          label={t('hardware:folders.tag')}
          description={t('hardware:folders.tagAbout')}
          spellCheck={false}
          {...form.getInputProps('tag')}
        />
        <RadioChoices
          label={t('hardware:folders.driver')}
          choices={[
            { value: 'virtiofs', label: 'virtiofs', about: t('hardware:folders.virtiofsAbout') },
            { value: '9p', label: '9p', about: t('hardware:folders.nineAbout') },
          ]}
          value={driver}
          onChange={(value) => {
            const chosen: FolderDriver = value === '9p' ? '9p' : 'virtiofs';
            form.setValues({ driver: chosen, ...(chosen === 'virtiofs' && { readonly: false }) });
          }}
        />
        <Checkbox
          label={t('hardware:folders.readonly')}
          description={driver === 'virtiofs' ? t('hardware:folders.readonlyNine') : undefined}
          disabled={driver === 'virtiofs'}
          {...form.getInputProps('readonly', { type: 'checkbox' })}
        />
        <DialogActions busy={false} submit={t('hardware:add.submit')} onCancel={onCancel} />
      </Stack>
    </form>
  );
}
