import type { LimenError } from '@limen/contract';
import { Stack } from '@mantine/core';
import { IconServerBolt, IconServerOff } from '@tabler/icons-react';
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import { useAttempt } from '../../actions/use-attempt.ts';
import { hostClient } from '../../api/host-client.ts';
import { confirmDestructive } from '../../components/confirm.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import type { ImageRef } from '../../lib/route.ts';
import { shortList } from '../../lib/short-list.ts';
import { useDocumentTitle } from '../../lib/use-document-title.ts';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { followJobs } from '../../stores/followed-jobs.ts';
import { useAllLinks, useLinks } from '../../stores/links.ts';
import { openAddHost } from '../../stores/overlays.ts';
import { AdvancedSection } from './AdvancedSection.tsx';
import classes from './create.module.css';
import { toNewMachine } from './form-values.ts';
import { GuestSection } from './GuestSection.tsx';
import { ImageSection } from './ImageSection.tsx';
import { NameSection } from './NameSection.tsx';
import { NetworkSection } from './NetworkSection.tsx';
import { canCreate, imageIdOn } from './placement.ts';
import { SizeSection } from './SizeSection.tsx';
import { Summary } from './Summary.tsx';
import { type CreateModel, useCreate } from './use-create.ts';

/** New machine: one page, from the image to the button; everything but the image has a default. */
export function CreatePage({ from }: { readonly from: ImageRef | undefined }) {
  const { t } = useText();
  const known = useLinks((state) => state.links !== undefined);
  const links = useAllLinks();
  const possible = links.some(canCreate);
  // What was typed is not lost with a host that goes away for a moment.
  const [begun, setBegun] = useState(possible);
  if (possible && !begun) setBegun(true);
  useDocumentTitle(t('create:title'));
  if (!known) return null;
  const [first] = links;
  if (!first) {
    return (
      <EmptyState
        icon={IconServerBolt}
        title={t('create:noHosts.title')}
        body={t('create:noHosts.body')}
        action={{ label: t('create:noHosts.action'), onClick: openAddHost }}
      />
    );
  }
  if (!begun) {
    const away = links.find((link) => link.state !== 'live') ?? first;
    const kind = away.state === 'live' ? 'old' : 'away';
    return (
      <EmptyState
        icon={IconServerOff}
        title={t(`create:${kind}.title`)}
        body={t(`create:${kind}.body`)}
        action={{
          label: t('create:toHost', { host: away.name }),
          onClick: () => navigate({ page: 'host', linkId: away.id }),
        }}
      />
    );
  }
  return <CreateForm from={from} />;
}

function CreateForm({ from }: { readonly from: ImageRef | undefined }) {
  const { t } = useText();
  const model = useCreate(from);
  const { busy, error, submit } = useSubmit(model);
  const { leave, edited } = useLeaving();
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.currentTarget.requestSubmit();
    }
    // Not the Escape that closes an open list.
    const open = event.target instanceof Element && event.target.getAttribute('aria-expanded') === 'true';
    if (event.key === 'Escape' && !open) leave();
  };
  return (
    <form
      className={classes['page']}
      onSubmit={submit}
      onKeyDown={onKeyDown}
      onInput={edited}
      noValidate
      aria-label={t('create:title')}
    >
      <Stack gap="sm" p="md">
        <PageHead title={t('create:title')} />
        <div className={classes['columns']}>
          <Stack gap="md">
            <ImageSection model={model} />
            <NameSection model={model} />
            <SizeSection model={model} />
            <NetworkSection model={model} />
            <GuestSection model={model} />
            <AdvancedSection model={model} />
          </Stack>
          <div className={classes['summary']}>
            <Summary model={model} busy={busy} error={error} onCancel={leave} />
          </div>
        </div>
      </Stack>
    </form>
  );
}

interface Leaving {
  /** Back to the machines; asks first when something was typed. */
  readonly leave: () => void;
  readonly edited: () => void;
}

function toMachines(): void {
  navigate({ page: 'machines' });
}

function useLeaving(): Leaving {
  const { t } = useText();
  const typed = useRef(false);
  return {
    edited: () => {
      typed.current = true;
    },
    leave: () => {
      if (!typed.current) {
        toMachines();
        return;
      }
      const question = {
        title: t('create:discard.title'),
        body: t('create:discard.body'),
        confirm: t('create:discard.confirm'),
      };
      void confirmDestructive(question, t).then((sure) => sure && toMachines());
    },
  };
}

interface Submission {
  readonly busy: boolean;
  readonly error: LimenError | undefined;
  readonly submit: (event: FormEvent<HTMLFormElement>) => void;
}

/** What takes the focus at a field that is wrong: the field, or the first thing to choose. */
const firstProblem =
  'form [aria-invalid="true"], form [data-problem] [role="radio"], form [data-problem] button';

/** Ask the host, then go where the new rows appear; a refusal stays here with its reason. */
function useSubmit(model: CreateModel): Submission {
  const { busy, error, attempt } = useAttempt();

  const send = async () => {
    const { target, values, preset } = model;
    if (!target) return;
    try {
      const wish = toNewMachine(values, preset, imageIdOn(target, values));
      const started = await hostClient(target.link.id).machines.create(wish);
      followJobs({
        linkId: target.link.id,
        jobIds: started.map((one) => one.jobId),
        kind: 'machine.create',
        name: shortList(started.map((machine) => machine.name)),
      });
      navigate({ page: 'machines' });
    } catch (failure) {
      model.source.reload();
      throw failure;
    }
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    model.showAllErrors();
    if (model.problems.size === 0) {
      void attempt(send);
      return;
    }
    // The marks appear with this render; the first of them is where the person has to go.
    requestAnimationFrame(() => {
      document.querySelector<HTMLElement>(firstProblem)?.focus();
    });
  };
  return { busy, error, submit };
}
