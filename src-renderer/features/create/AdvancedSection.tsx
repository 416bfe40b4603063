import { diskBus, interfaceModel, machineChipset, type Offer, type User, videoModel } from '@limen/contract';
import { Collapse, Select, Stack, Switch, TagsInput, Textarea, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { hostClient } from '../../api/host-client.ts';
import { Panel } from '../../components/Panel.tsx';
import { useText } from '../../locales/i18n.ts';
import classes from './create.module.css';
import type { CreateModel } from './use-create.ts';

interface SectionProps {
  readonly model: CreateModel;
}

/** Everything the preset decided, to be decided otherwise. */
export function AdvancedSection({ model }: SectionProps) {
  const { t } = useText();
  const [open, { toggle }] = useDisclosure(false);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <Panel
      title={t('create:advanced.title')}
      aside={
        <UnstyledButton onClick={toggle} aria-expanded={open} fz="xs" c="var(--limen-quiet)">
          <Chevron size={14} aria-hidden style={{ verticalAlign: 'text-bottom' }} />{' '}
          {open ? t('create:advanced.hide') : t('create:advanced.show')}
        </UnstyledButton>
      }
    >
      <Stack gap="md">
        <StartSwitches model={model} />
        <Collapse expanded={open} keepMounted={false}>
          <Stack gap="md">
            <HardwareFields model={model} />
            <LabelFields model={model} />
          </Stack>
        </Collapse>
      </Stack>
    </Panel>
  );
}

function StartSwitches({ model: { form } }: SectionProps) {
  const { t } = useText();
  return (
    <div className={classes['two']}>
      <Switch
        label={t('create:advanced.start')}
        {...form.getInputProps('startAfterCreation', { type: 'checkbox' })}
      />
      <Switch
        label={t('create:advanced.autostart')}
        {...form.getInputProps('autostart', { type: 'checkbox' })}
      />
    </div>
  );
}

function HardwareFields({ model }: SectionProps) {
  const { t } = useText();
  const { form, values, target } = model;
  const options = target?.options;
  const refusal = useRefusal();
  const offers = options?.offers;
  const { hardware } = values;
  const uefiRefused = refusal(offers?.uefi);
  const secureBootRefused =
    hardware.firmware === 'bios' ? t('create:offer.needsUefi') : refusal(offers?.secureBoot);
  return (
    <div className={classes['two']}>
      <Select
        label={t('create:advanced.firmware')}
        allowDeselect={false}
        data={[
          { value: 'uefi', label: 'UEFI', disabled: uefiRefused !== undefined },
          { value: 'bios', label: 'BIOS', disabled: offers?.bios.available === false },
        ]}
        description={uefiRefused}
        inputWrapperOrder={['label', 'input', 'description']}
        value={hardware.firmware}
        onChange={(firmware) => {
          if (firmware === 'bios')
            form.setFieldValue('hardware', { ...hardware, firmware, secureBoot: false });
          if (firmware === 'uefi') form.setFieldValue('hardware.firmware', firmware);
        }}
      />
      <Stack gap="sm" pt={4}>
        <Switch
          label={t('create:advanced.secureBoot')}
          description={secureBootRefused}
          disabled={secureBootRefused !== undefined}
          {...form.getInputProps('hardware.secureBoot', { type: 'checkbox' })}
        />
        <Switch
          label={t('create:advanced.tpm')}
          description={refusal(offers?.tpm)}
          disabled={refusal(offers?.tpm) !== undefined}
          {...form.getInputProps('hardware.tpm', { type: 'checkbox' })}
        />
      </Stack>
      <Select
        label={t('create:advanced.chipset')}
        allowDeselect={false}
        data={machineChipset.options.filter((name) => options?.chipsets.includes(name) ?? true)}
        {...form.getInputProps('hardware.chipset')}
      />
      <Select
        label={t('create:advanced.diskBus')}
        allowDeselect={false}
        data={diskBus.options.filter((name) => options?.diskBuses.includes(name) ?? true)}
        {...form.getInputProps('hardware.diskBus')}
      />
      <Select
        label={t('create:advanced.interfaceModel')}
        allowDeselect={false}
        data={[...interfaceModel.options]}
        {...form.getInputProps('hardware.interfaceModel')}
      />
      <Select
        label={t('create:advanced.videoModel')}
        allowDeselect={false}
        data={videoModel.options.filter((name) => options?.videoModels.includes(name) ?? true)}
        {...form.getInputProps('hardware.videoModel')}
      />
    </div>
  );
}

/** Why a host cannot offer something and which packages would change that; undefined when it can. */
function useRefusal(): (offer: Offer | undefined) => string | undefined {
  const { t } = useText();
  return (offer) => {
    if (!offer || offer.available) return undefined;
    const why = t(reasons[offer.reason ?? 'not-in-qemu']);
    if (offer.packages.length === 0) return why;
    return `${why} ${t('create:install', { packages: offer.packages.join(', ') })}`;
  };
}

const reasons = {
  'no-firmware': 'create:offer.noFirmware',
  'no-swtpm': 'create:offer.noSwtpm',
  'not-in-qemu': 'create:offer.notInQemu',
} as const;

function LabelFields({ model }: SectionProps) {
  const { t } = useText();
  const { form, errorOf } = model;
  return (
    <div className={classes['two']}>
      <TagsInput
        label={t('create:advanced.tags')}
        splitChars={[',', ' ']}
        maxTags={16}
        acceptValueOnBlur
        {...form.getInputProps('tags')}
        error={errorOf('tags')}
      />
      <OwnerField model={model} />
      <Textarea
        className={classes['wide'] ?? ''}
        label={t('create:advanced.description')}
        autosize
        minRows={2}
        maxRows={6}
        {...form.getInputProps('description')}
        error={errorOf('description')}
      />
    </div>
  );
}

function OwnerField({ model }: SectionProps) {
  const { t } = useText();
  const { form, values, target } = model;
  const [users, setUsers] = useState<readonly User[]>([]);
  const link = target?.link;
  const administers = link?.user?.role === 'administrator';
  const linkId = link?.id;
  useEffect(() => {
    if (!administers || !linkId) return;
    const ended = new AbortController();
    hostClient(linkId)
      .users.list({}, { signal: ended.signal })
      // Without the list the machine is the administrator's own.
      .then(setUsers, () => {});
    return () => ended.abort();
  }, [administers, linkId]);
  if (!administers) return null;
  return (
    <Select
      label={t('create:advanced.owner')}
      data={users.map(({ id, username }) => ({ value: id, label: username }))}
      value={values.ownerId ?? link?.user?.id ?? null}
      onChange={(id) => form.setFieldValue('ownerId', id)}
      allowDeselect={false}
      searchable
    />
  );
}
