import { type CreationOptions, imageName, type Machine } from '@limen/contract';
import { Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, useState } from 'react';
import { copyText } from '../api/clipboard.ts';
import { hostClient } from '../api/host-client.ts';
import { DialogActions } from '../components/DialogActions.tsx';
import { ErrorCallout } from '../components/ErrorCallout.tsx';
import { useText } from '../locales/i18n.ts';
import { followJobs } from '../stores/followed-jobs.ts';
import type { MachineRef } from '../stores/machine-key.ts';
import { closeOverlays } from '../stores/overlays.ts';
import { usePresets } from '../stores/presets.ts';
import { useAttempt } from './use-attempt.ts';

export interface TemplateFormProps {
  readonly target: MachineRef;
  readonly machine: Machine;
}

/** Copy a machine's disk into the library, for others to be made from; generalised unless nobody can do that. */
export function TemplateForm({ target: { linkId, machineId }, machine }: TemplateFormProps) {
  const { t } = useText();
  const [offers, setOffers] = useState<CreationOptions['offers']>();
  const presets = usePresets(linkId);
  const { busy, error, attempt } = useAttempt();
  const form = useForm({
    initialValues: { name: machine.name, generalise: true, shared: false },
    validateInputOnChange: true,
    validate: { name: (name) => (imageName.safeParse(name).success ? null : t('images:error.name')) },
  });
  useEffect(() => {
    void attempt(async () => setOffers((await hostClient(linkId).machines.creationOptions({})).offers));
  }, [attempt, linkId]);
  const isWindows = presets.find(({ id }) => id === machine.presetId)?.family === 'windows';
  const offer = offers?.generalise;
  const canGeneralise = offer?.available === true && !isWindows;

  const about = (): string => {
    if (isWindows) return t('lifecycle:template.generaliseWindows');
    if (offer === undefined || offer.available) return t('lifecycle:template.generaliseAbout');
    return t('lifecycle:template.generaliseMissing', { packages: offer.packages.join(', ') });
  };
  const submit = form.onSubmit((values) =>
    attempt(async () => {
      const generalise = canGeneralise && values.generalise;
      const job = await hostClient(linkId).images.createTemplate({ machineId, ...values, generalise });
      followJobs({ linkId, jobIds: [job.id], kind: job.kind, name: values.name });
      closeOverlays();
    }),
  );

  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{t('lifecycle:template.about')}</Text>
        <TextInput label={t('lifecycle:name')} data-autofocus {...form.getInputProps('name')} />
        <Switch
          label={t('lifecycle:template.generalise')}
          description={about()}
          disabled={!canGeneralise}
          checked={canGeneralise && form.values.generalise}
          onChange={(event) => form.setFieldValue('generalise', event.currentTarget.checked)}
        />
        <Switch
          label={t('lifecycle:template.shared')}
          {...form.getInputProps('shared', { type: 'checkbox' })}
        />
        {error && <ErrorCallout error={error} copy={copyText} />}
        <DialogActions
          busy={busy}
          disabled={offers === undefined}
          submit={t('lifecycle:template.submit')}
          onCancel={closeOverlays}
        />
      </Stack>
    </form>
  );
}
