import { snapshotName } from '@limen/contract';
import { Checkbox, Modal, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useAttempt } from '../../actions/use-attempt.ts';
import { copyText } from '../../api/clipboard.ts';
import { hostClient } from '../../api/host-client.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { useText } from '../../locales/i18n.ts';
import { followJobs } from '../../stores/followed-jobs.ts';
import { suggestName } from './model/tree.ts';
import { wayTo } from './model/ways.ts';
import { Reasons } from './Reasons.tsx';
import type { SnapshotsModel } from './use-snapshots-model.ts';

export interface TakeDialogProps {
  readonly model: SnapshotsModel;
  readonly onClose: () => void;
  readonly onTaken: () => void;
}

/** A snapshot of the present. What cannot be had is shown with its reason. */
export function TakeDialog({ model, onClose, onTaken }: TakeDialogProps) {
  const { t } = useText();
  const { tree, machine, target } = model;
  const { busy, error, attempt } = useAttempt();
  const isOn = machine.state === 'running' || machine.state === 'paused';
  const ways = { memory: wayTo(tree.options, true), disks: wayTo(tree.options, false) };
  const form = useForm({
    initialValues: {
      name: suggestName((number) => t('snapshots:take.suggested', { number }), tree.snapshots),
      description: '',
      memory: ways.memory.kind !== null,
      quiesce: false,
    },
    validateInputOnChange: true,
    validate: {
      name: (name) => {
        if (tree.snapshots.some((each) => each.name === name.trim())) return t('snapshots:take.taken');
        return snapshotName.safeParse(name).success ? null : t('snapshots:take.badName');
      },
    },
  });
  const { memory } = form.values;
  const way = memory ? ways.memory : ways.disks;
  const canQuiesce = !memory && tree.canQuiesce;
  const submit = form.onSubmit((values) =>
    attempt(async () => {
      const { linkId, machineId } = target;
      const quiesce = canQuiesce && values.quiesce;
      const job = await hostClient(linkId).snapshots.create({ machineId, ...values, quiesce });
      followJobs({ linkId, jobIds: [job.id], kind: job.kind, name: machine.name });
      onTaken();
      onClose();
    }),
  );
  return (
    <Modal opened onClose={onClose} title={t('snapshots:take.title', { name: machine.name })}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={t('snapshots:take.name')} data-autofocus {...form.getInputProps('name')} />
          <Textarea
            label={t('snapshots:take.description')}
            autosize
            minRows={2}
            maxRows={6}
            {...form.getInputProps('description')}
          />
          {isOn && (
            <Radio.Group
              label={t('snapshots:take.what')}
              value={memory ? 'memory' : 'disks'}
              onChange={(value) => form.setFieldValue('memory', value === 'memory')}
            >
              <Stack gap="xs" mt={6}>
                {(['memory', 'disks'] as const).map((what) => (
                  <Radio
                    key={what}
                    value={what}
                    disabled={ways[what].kind === null}
                    label={t(`snapshots:take.${what}`)}
                    description={
                      ways[what].kind === null ? (
                        <Reasons refusals={ways[what].refusals} />
                      ) : (
                        t(`snapshots:take.${what}About`)
                      )
                    }
                  />
                ))}
              </Stack>
            </Radio.Group>
          )}
          {canQuiesce && (
            <Checkbox
              label={t('snapshots:take.quiesce')}
              description={t('snapshots:take.quiesceAbout')}
              {...form.getInputProps('quiesce', { type: 'checkbox' })}
            />
          )}
          {way.kind !== null && (
            <Text size="sm" c="var(--limen-quiet)">
              {t(`snapshots:kind.${way.kind}About`)}
            </Text>
          )}
          {error && <ErrorCallout error={error} copy={copyText} />}
          <DialogActions
            busy={busy}
            disabled={way.kind === null || !form.isValid()}
            submit={t('snapshots:take.submit')}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
