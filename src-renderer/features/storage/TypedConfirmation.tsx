import { Alert, Modal, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useAttempt } from '../../actions/use-attempt.ts';
import { copyText } from '../../api/clipboard.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { useText } from '../../locales/i18n.ts';

export interface TypedConfirmationProps {
  readonly title: string;
  /** Names what is lost. */
  readonly lost: string;
  /** What has to be typed; null: nothing is lost that could not be had back. */
  readonly word: string | null;
  readonly submit: string;
  /** Choices that change what is lost. */
  readonly children?: ReactNode;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

/** Ask before something goes that nothing brings back. Closes when it is done; a refusal is shown in it. */
export function TypedConfirmation(props: TypedConfirmationProps) {
  const { t } = useText();
  const [typed, setTyped] = useState('');
  const { busy, error, attempt } = useAttempt();
  const { word, onClose } = props;
  const agreed = word === null || typed.trim() === word;
  const confirm = () =>
    attempt(async () => {
      await props.onConfirm();
      onClose();
    });
  return (
    <Modal opened onClose={onClose} title={props.title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (agreed) void confirm();
        }}
      >
        <Stack>
          {props.children}
          <Alert
            color={word === null ? 'gray' : 'red'}
            variant="light"
            icon={<IconAlertTriangle aria-hidden />}
          >
            {props.lost}
          </Alert>
          {word !== null && (
            <TextInput
              label={t('storage:typeName', { name: word })}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              data-autofocus
            />
          )}
          {error && <ErrorCallout error={error} copy={copyText} />}
          <DialogActions
            busy={busy}
            color="red"
            disabled={!agreed}
            submit={props.submit}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
