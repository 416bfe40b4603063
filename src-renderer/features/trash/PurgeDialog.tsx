import type { DeletionDisk, LimenError } from '@limen/contract';
import { Alert, Checkbox, Modal, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useAttempt } from '../../actions/use-attempt.ts';
import { asLimenError } from '../../api/bridge.ts';
import { copyText } from '../../api/clipboard.ts';
import { hostClient } from '../../api/host-client.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { formatBytes } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import { followJobs } from '../../stores/followed-jobs.ts';
import { useLink } from '../../stores/links.ts';
import type { TrashEntry } from '../../stores/trash.ts';

export interface PurgeDialogProps {
  /** At least one. */
  readonly entries: readonly TrashEntry[];
  readonly onClose: () => void;
}

/**
 * Delete for good. Names what is lost, and asks to type it, because nothing brings it back: the machine's name, or
 * for several their number.
 */
export function PurgeDialog({ entries, onClose }: PurgeDialogProps) {
  const { t } = useText();
  const [typed, setTyped] = useState('');
  const [keepDisks, setKeepDisks] = useState(false);
  const [alsoDelete, setAlsoDelete] = useState<readonly string[]>([]);
  const { busy, error, attempt } = useAttempt();
  const [first] = entries;
  const single = entries.length === 1 ? first : undefined;
  const word = single ? single.trashed.name : String(entries.length);

  const purge = () =>
    attempt(async () => {
      for (const { linkId, machine, trashed } of entries) {
        const job = await hostClient(linkId).machines.purge({
          machineId: machine.id,
          keepDisks,
          alsoDelete: keepDisks ? [] : [...alsoDelete],
        });
        followJobs({ linkId, jobIds: [job.id], kind: job.kind, name: trashed.name });
      }
      onClose();
    });

  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={single ? t('trash:purge.title', { name: word }) : t('trash:empty.title')}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() === word) void purge();
        }}
      >
        <Stack>
          <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />}>
            {single
              ? t('trash:purge.lost', { name: word })
              : t('trash:empty.lost', { names: entries.map((entry) => entry.trashed.name).join(', ') })}
          </Alert>
          {single && (
            <Disks
              entry={single}
              keepDisks={keepDisks}
              alsoDelete={alsoDelete}
              onAlsoDelete={setAlsoDelete}
            />
          )}
          <Checkbox
            label={t('trash:purge.keepDisks')}
            checked={keepDisks}
            onChange={(event) => setKeepDisks(event.currentTarget.checked)}
          />
          <TextInput
            label={
              single
                ? t('trash:purge.typeName', { name: word })
                : t('trash:empty.typeNumber', { number: word })
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
          {error && <ErrorCallout error={error} copy={copyText} />}
          <DialogActions
            busy={busy}
            color="red"
            disabled={typed.trim() !== word}
            submit={single ? t('trash:purge.submit') : t('trash:empty.submit', { count: entries.length })}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}

interface DisksProps {
  readonly entry: TrashEntry;
  readonly keepDisks: boolean;
  readonly alsoDelete: readonly string[];
  readonly onAlsoDelete: (paths: readonly string[]) => void;
}

/** What happens to each disk. Those outside LIMEN's own folder go only when an administrator names them. */
function Disks({ entry, keepDisks, alsoDelete, onAlsoDelete }: DisksProps) {
  const { t, language } = useText();
  const administers = useLink(entry.linkId)?.user?.role === 'administrator';
  const { disks, error } = useDeletionPlan(entry);
  if (error) return <ErrorCallout error={error} copy={copyText} />;
  if (!disks) return <Skeleton height={48} aria-label={t('trash:purge.reading')} role="status" />;
  const fate = (disk: DeletionDisk): string => {
    if (disk.neededBy.length > 0) return t('trash:disk.needed', { names: disk.neededBy.join(', ') });
    if (keepDisks) return t('trash:disk.kept');
    return t(disk.managed ? 'trash:disk.deleted' : 'trash:disk.foreign');
  };
  return (
    <Stack
      component="ul"
      gap="xs"
      m={0}
      p={0}
      style={{ listStyle: 'none' }}
      aria-label={t('trash:purge.disks')}
    >
      {disks.map((disk) => {
        const { path, bytes, managed, neededBy } = disk;
        const offered = administers && !managed && !keepDisks && neededBy.length === 0;
        return (
          <li key={path}>
            <Text size="sm" ff="monospace" fz={12.5} style={{ overflowWrap: 'anywhere' }}>
              {path}
            </Text>
            <Text size="xs" c="var(--limen-quiet)">
              {bytes !== null && `${formatBytes(bytes, language)} · `}
              {fate(disk)}
            </Text>
            {offered && (
              <Checkbox
                size="xs"
                mt={4}
                label={t('trash:disk.deleteToo')}
                checked={alsoDelete.includes(path)}
                onChange={(event) =>
                  onAlsoDelete(
                    event.currentTarget.checked
                      ? [...alsoDelete, path]
                      : alsoDelete.filter((other) => other !== path),
                  )
                }
              />
            )}
          </li>
        );
      })}
    </Stack>
  );
}

function useDeletionPlan({ linkId, machine }: TrashEntry) {
  const [disks, setDisks] = useState<readonly DeletionDisk[]>();
  const [error, setError] = useState<LimenError>();
  const machineId = machine.id;
  useEffect(() => {
    const ended = new AbortController();
    hostClient(linkId)
      .machines.deletionPlan({ machineId }, { signal: ended.signal })
      .then(setDisks, (failure: unknown) => {
        if (!ended.signal.aborted) setError(asLimenError(failure));
      });
    return () => ended.abort();
  }, [linkId, machineId]);
  return { disks, error };
}
