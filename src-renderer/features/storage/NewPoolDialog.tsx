import { type HostLinkId, poolType, type PoolTypeSupport, storageName } from '@limen/contract';
import { Modal, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, useState } from 'react';
import { useAttempt } from '../../actions/use-attempt.ts';
import { copyText } from '../../api/clipboard.ts';
import { hostClient } from '../../api/host-client.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { notifyDone } from '../../components/notify.tsx';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { emptyPool, fieldsOf, isFieldValid, isOptional, type PoolField, sourceOf } from './pool-form.ts';

export interface NewPoolDialogProps {
  readonly linkId: HostLinkId;
  readonly onClose: () => void;
}

/** A new pool of a kind this host can have; what the others lack is said. */
export function NewPoolDialog({ linkId, onClose }: NewPoolDialogProps) {
  const { t } = useText();
  const types = usePoolTypes(linkId);
  const { busy, error, attempt } = useAttempt();
  const [tried, setTried] = useState(false);
  const form = useForm({
    initialValues: emptyPool,
    validateInputOnChange: true,
    validate: { name: (name) => (storageName.safeParse(name).success ? null : t('storage:error.name')) },
  });
  const { values } = form;
  const fields = fieldsOf[values.type];
  const missing = types?.filter(({ supported }) => !supported) ?? [];
  const errorOf = (field: PoolField): string | null => {
    if (isFieldValid(values, field) || (!tried && values[field] === '')) return null;
    return t(`storage:pool.wrong.${field}`);
  };
  const submit = form.onSubmit(
    ({ name, autostart }) => {
      setTried(true);
      const source = sourceOf(values);
      if (source === null) return;
      void attempt(async () => {
        const pool = await hostClient(linkId).storage.createPool({ name, source, autostart });
        notifyDone(t('storage:pool.done', { name }));
        onClose();
        navigate({ page: 'pool', linkId, poolId: pool.id });
      });
    },
    () => setTried(true),
  );
  return (
    <Modal opened onClose={onClose} title={t('storage:pool.title')}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput label={t('storage:field.name')} data-autofocus {...form.getInputProps('name')} />
          <Select
            label={t('storage:field.type')}
            data={poolType.options.map((type) => ({
              value: type,
              label: t(`storage:type.${type}`),
              disabled: missing.some((one) => one.type === type),
            }))}
            allowDeselect={false}
            description={t(`storage:typeAbout.${values.type}`)}
            {...form.getInputProps('type')}
          />
          {missing.length > 0 && (
            <Text size="xs" c="var(--limen-quiet)">
              {t('storage:pool.missing', {
                types: missing
                  .map(({ type, packages }) => `${t(`storage:type.${type}`)} (${packages.join(', ')})`)
                  .join(', '),
              })}
            </Text>
          )}
          {fields.map((field) => (
            <TextInput
              key={field}
              label={t(`storage:pool.field.${field}`)}
              placeholder={placeholders[field]}
              autoComplete="off"
              spellCheck={false}
              {...(isOptional(field) && { description: t('storage:pool.optional') })}
              {...form.getInputProps(field)}
              error={errorOf(field)}
            />
          ))}
          <Switch
            label={t('storage:pool.autostart')}
            {...form.getInputProps('autostart', { type: 'checkbox' })}
          />
          {error && <ErrorCallout error={error} copy={copyText} />}
          <DialogActions busy={busy} submit={t('storage:pool.submit')} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

/** Examples read alike in every language. */
const placeholders: Record<PoolField, string> = {
  path: '/srv/disks',
  device: '/dev/sdb1',
  host: 'nas.example.org',
  directory: '/export/disks',
  volumeGroup: 'vg0',
  target: 'iqn.2026-01.org.example:disks',
  poolName: 'vms',
  username: 'limen',
  secretUuid: '2ec115d7-3a88-3ceb-bc12-0ac909a6fd87',
};

/** Undefined until the host has told; then everything is offered, and the host refuses what it cannot do. */
function usePoolTypes(linkId: HostLinkId): readonly PoolTypeSupport[] | undefined {
  const [types, setTypes] = useState<readonly PoolTypeSupport[]>();
  useEffect(() => {
    const ended = new AbortController();
    hostClient(linkId)
      .storage.poolTypes({}, { signal: ended.signal })
      .then(setTypes, () => {});
    return () => ended.abort();
  }, [linkId]);
  return types;
}
