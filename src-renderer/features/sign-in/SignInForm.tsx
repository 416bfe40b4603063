import { type HostLink, LimenError } from '@limen/contract';
import { Alert, Button, Checkbox, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertCircle, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { asLimenError, call } from '../../api/bridge.ts';
import { copyText } from '../../api/clipboard.ts';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { useNow } from '../../lib/use-now.ts';
import { useText } from '../../locales/i18n.ts';
import { useSettings } from '../../stores/settings.ts';

interface Failure {
  readonly error: LimenError;
  /** Unix time in ms, from which the host counts its waiting time. */
  readonly at: number;
}

function failedNow(error: unknown): Failure {
  return { error: asLimenError(error), at: Date.now() };
}

/** Sign in to one host. The password goes to the main process and is not kept here. */
export function SignInForm({ link }: { readonly link: HostLink }) {
  const { t } = useText();
  const sessionOnly = useSettings((state) => state.app?.secretStorage === 'session-only');
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  const required = (value: string) => (value === '' ? t('signIn:required') : null);
  const form = useForm({
    initialValues: { username: link.user?.username ?? '', password: '', remember: true },
    validate: { username: (value) => required(value.trim()), password: required },
  });

  const submit = form.onSubmit(async ({ username, password, remember }) => {
    setBusy(true);
    setFailure(undefined);
    try {
      await call('links.signIn', { linkId: link.id, username: username.trim(), password, remember });
    } catch (error) {
      setFailure(failedNow(error));
      form.setFieldValue('password', '');
    } finally {
      setBusy(false);
    }
  });

  return (
    <Paper withBorder p="xl" maw={420} w="100%" mx="auto" bg="var(--limen-raised)">
      <form onSubmit={submit} noValidate>
        <Stack>
          <div>
            <Title order={2} size="h3">
              {t('signIn:title', { host: link.name })}
            </Title>
            {link.name !== link.address && (
              <Text size="sm" c="var(--limen-quiet)">
                {t('signIn:address', { address: link.address })}
              </Text>
            )}
          </div>
          <Text size="sm">{t('signIn:body')}</Text>
          {failure && <SignInFailure failure={failure} />}
          <TextInput
            label={t('signIn:username')}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            data-autofocus
            {...form.getInputProps('username')}
          />
          <PasswordInput
            label={t('signIn:password')}
            autoComplete="current-password"
            {...form.getInputProps('password')}
          />
          {sessionOnly ? (
            <Alert variant="light" color="gray" icon={<IconInfoCircle aria-hidden />}>
              {t('signIn:sessionOnly')}
            </Alert>
          ) : (
            <Checkbox
              label={t('signIn:remember')}
              {...form.getInputProps('remember', { type: 'checkbox' })}
            />
          )}
          <Button type="submit" loading={busy}>
            {t('signIn:submit')}
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}

function SignInFailure({ failure }: { readonly failure: Failure }) {
  const { t } = useText();
  const now = useNow(1_000);
  const { error, at } = failure;
  if (LimenError.is(error, 'RATE_LIMITED')) {
    const seconds = Math.max(0, Math.ceil(error.data.retryAfterSeconds - (now - at) / 1000));
    return seconds === 0 ? null : <Simple text={t('signIn:limited', { seconds })} />;
  }
  if (LimenError.is(error, 'UNAUTHENTICATED') && error.data.reason === 'wrong-credentials') {
    return <Simple text={t('signIn:wrong')} />;
  }
  return <ErrorCallout error={error} copy={copyText} />;
}

function Simple({ text }: { readonly text: string }) {
  return (
    <Alert variant="light" color="red" icon={<IconAlertCircle aria-hidden />} role="alert">
      {text}
    </Alert>
  );
}
