import {
  Button,
  Group,
  PasswordInput,
  SegmentedControl,
  Stack,
  Switch,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconDice5 } from '@tabler/icons-react';
import { copyText } from '../../api/clipboard.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Panel } from '../../components/Panel.tsx';
import { useText } from '../../locales/i18n.ts';
import classes from './create.module.css';
import { hasGuestSetup } from './form-values.ts';
import { generatePassword } from './password.ts';
import type { CreateModel } from './use-create.ts';

interface SectionProps {
  readonly model: CreateModel;
}

/** What cloud-init does at the first boot: who may sign in, what is installed, how it is reached. */
export function GuestSection({ model }: SectionProps) {
  const { t } = useText();
  const { form, values } = model;
  if (values.tab !== 'cloud' && values.tab !== 'template') return null;
  return (
    <Panel title={t('create:guest.title')} aside="cloud-init">
      <Stack gap="md">
        {values.tab === 'template' && (
          <Switch
            label={t('create:guest.setUpTemplate')}
            {...form.getInputProps('setUpTemplate', { type: 'checkbox' })}
          />
        )}
        {hasGuestSetup(values) && (
          <>
            <SegmentedControl
              aria-label={t('create:guest.title')}
              value={values.guest.raw ? 'raw' : 'form'}
              onChange={(way) => form.setFieldValue('guest.raw', way === 'raw')}
              data={[
                { value: 'form', label: t('create:guest.form') },
                { value: 'raw', label: t('create:guest.raw') },
              ]}
              maw={360}
            />
            {values.guest.raw ? <RawUserData model={model} /> : <GuestFields model={model} />}
            <Addressing model={model} />
          </>
        )}
      </Stack>
    </Panel>
  );
}

function GuestFields({ model }: SectionProps) {
  const { t } = useText();
  const { form, values, preset, errorOf } = model;
  return (
    <div className={classes['two']}>
      <TextInput
        label={t('create:guest.user')}
        placeholder={preset?.cloudInit?.defaultUser ?? ''}
        spellCheck={false}
        autoComplete="off"
        {...form.getInputProps('guest.user')}
        error={errorOf('guest.user')}
      />
      <Group gap={8} align="flex-end" wrap="nowrap">
        <PasswordInput
          flex={1}
          label={t('create:guest.password')}
          autoComplete="new-password"
          {...form.getInputProps('guest.password')}
          error={errorOf('guest.password')}
        />
        {values.guest.password === '' ? (
          <Button
            variant="default"
            px="sm"
            leftSection={<IconDice5 size={16} aria-hidden />}
            onClick={() => form.setFieldValue('guest.password', generatePassword())}
          >
            {t('create:guest.generate')}
          </Button>
        ) : (
          <Group h={36} align="center">
            <CopyButton text={values.guest.password} copy={copyText} label={t('create:guest.copyPassword')} />
          </Group>
        )}
      </Group>
      <Textarea
        className={`${classes['wide']} ${classes['mono']}`}
        label={t('create:guest.sshKeys')}
        description={t('create:guest.onePerLine')}
        placeholder="ssh-ed25519 AAAAC3… ann@laptop"
        autosize
        minRows={2}
        maxRows={6}
        spellCheck={false}
        {...form.getInputProps('guest.sshKeys')}
        error={errorOf('guest.sshKeys')}
      />
      <TextInput
        label={t('create:guest.hostname')}
        placeholder={t('create:guest.asName')}
        spellCheck={false}
        {...form.getInputProps('guest.hostname')}
        error={errorOf('guest.hostname')}
      />
      <TagsInput
        label={t('create:guest.packages')}
        placeholder={values.guest.packages.length === 0 ? 'nginx, git, …' : ''}
        splitChars={[',', ' ']}
        acceptValueOnBlur
        {...form.getInputProps('guest.packages')}
        error={errorOf('guest.packages')}
      />
      <Textarea
        className={`${classes['wide']} ${classes['mono']}`}
        label={t('create:guest.runCommands')}
        description={t('create:guest.runAbout')}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        {...form.getInputProps('guest.runCommands')}
        error={errorOf('guest.runCommands')}
      />
    </div>
  );
}

function RawUserData({ model }: SectionProps) {
  const { t } = useText();
  const { form, errorOf } = model;
  return (
    <Textarea
      className={classes['mono'] ?? ''}
      label={t('create:guest.userData')}
      description={t('create:guest.userDataAbout')}
      autosize
      minRows={10}
      maxRows={24}
      spellCheck={false}
      {...form.getInputProps('guest.userData')}
      error={errorOf('guest.userData')}
    />
  );
}

function Addressing({ model }: SectionProps) {
  const { t } = useText();
  const { form, values, errorOf } = model;
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600} id="create-addressing">
        {t('create:guest.addressing')}
      </Text>
      <SegmentedControl
        aria-labelledby="create-addressing"
        maw={360}
        {...form.getInputProps('guest.addressing')}
        data={[
          { value: 'dhcp', label: 'DHCP' },
          { value: 'static', label: t('create:guest.static') },
        ]}
      />
      {values.guest.addressing === 'static' && (
        <div className={classes['two']}>
          <TextInput
            label={t('create:guest.address')}
            placeholder="192.0.2.10/24"
            {...form.getInputProps('guest.address')}
            error={errorOf('guest.address')}
          />
          <TextInput
            label={t('create:guest.gateway')}
            placeholder="192.0.2.1"
            {...form.getInputProps('guest.gateway')}
            error={errorOf('guest.gateway')}
          />
          <TextInput
            label={t('create:guest.nameservers')}
            placeholder="192.0.2.53, 2001:db8::53"
            {...form.getInputProps('guest.nameservers')}
            error={errorOf('guest.nameservers')}
          />
        </div>
      )}
    </Stack>
  );
}
