// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StateBadge } from '../../components/StateBadge.tsx';
import { receiveFeed } from '../../stores/feed.ts';
import { inventoryStore } from '../../stores/inventory.ts';
import { linksStore } from '../../stores/links.ts';
import { machineViewStore } from '../../stores/machine-view.ts';
import { answerCalls, show } from '../../test/dom.tsx';
import { aLink, aLinkId, aMachine, aMachineId, aSnapshot, changes } from '../../test/records.ts';
import { MachinesPage } from './MachinesPage.tsx';

vi.mock('../../components/StateBadge.tsx', { spy: true });

const linkId = aLinkId(1);
const inventory = (event: ReturnType<typeof aSnapshot>) =>
  receiveFeed({ type: 'inventory', linkId, cached: false, event }, { command: vi.fn(), show: vi.fn() });
const rows = () => screen.getAllByRole('row').slice(1);
const names = () => rows().map((row) => row.dataset['machine']);

beforeEach(() => {
  answerCalls({ 'windows.openConsole': () => ({ ok: true, value: {} }) });
  linksStore.setState({ links: [aLink()] });
  inventory(aSnapshot([3, 1, 2].map((number) => aMachine({ number }))));
});

afterEach(() => {
  cleanup();
  linksStore.setState({ links: undefined });
  inventoryStore.setState({ hosts: new Map() });
  machineViewStore.setState({ filter: '', selection: new Set(), active: null });
  window.location.hash = '';
});

describe('machines page', () => {
  it('shows all machines of all hosts in order, as a grid', async () => {
    await show(<MachinesPage />);
    expect(names()).toEqual(['vm-1', 'vm-2', 'vm-3']);
    expect(screen.getByRole('grid', { name: 'Machines' }).getAttribute('aria-rowcount')).toBe('4');
    expect(document.title).toBe('All machines — LIMEN');
  });

  it('shows a change in the very message that brings it', async () => {
    await show(<MachinesPage />);
    act(() => inventory(changes(2, [aMachine({ number: 2, state: 'running' })])));
    expect(within(rows()[1] as HTMLElement).getByText('Running')).toBeTruthy();
    expect(screen.getAllByText('Off')).toHaveLength(2);
  });

  it('renders one row for one change', async () => {
    const rendered = vi.mocked(StateBadge);
    await show(<MachinesPage />);
    rendered.mockClear();
    act(() => inventory(changes(2, [aMachine({ number: 2, state: 'paused' })])));
    expect(rendered.mock.calls.map(([props]) => props.state)).toEqual(['paused']);
  });

  it('opens by keyboard: the first row is ready, down, Enter', async () => {
    await show(<MachinesPage />);
    const grid = screen.getByRole('grid');
    expect(document.activeElement).toBe(grid);
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    expect(grid.getAttribute('aria-activedescendant')).toContain(aMachineId(2));
    fireEvent.keyDown(grid, { key: 'Enter' });
    expect(window.location.hash).toBe(`#/machines/${linkId}/${aMachineId(2)}`);
  });

  it('selects by Space and offers what the selection allows', async () => {
    await show(<MachinesPage />);
    const grid = screen.getByRole('grid');
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    fireEvent.keyDown(grid, { key: ' ' });
    const bar = screen.getByRole('toolbar', { name: 'Selected machines' });
    expect(within(bar).getByText('1 selected')).toBeTruthy();
    expect(within(bar).getByRole('button', { name: 'Start' })).toBeTruthy();
    expect(within(bar).queryByRole('button', { name: 'Shut down' })).toBeNull();
  });

  it('says which filter hides everything, and takes it back', async () => {
    machineViewStore.setState({ filter: 'state:running' });
    await show(<MachinesPage />);
    expect(screen.getByText('No machine matches')).toBeTruthy();
    const [button] = screen.getAllByRole('button', { name: 'Clear filter' }).slice(-1);
    fireEvent.click(button as HTMLElement);
    expect(names()).toHaveLength(3);
  });

  it('greys the rows of a host that is away, with the time they are of', async () => {
    linksStore.setState({ links: [aLink({ state: 'waiting' })] });
    await show(<MachinesPage />);
    expect(rows().every((row) => row.dataset['stale'] === 'true')).toBe(true);
    expect(screen.getAllByText(/^as of /)).toHaveLength(3);
  });

  it('teaches where there is no host', async () => {
    linksStore.setState({ links: [] });
    inventoryStore.setState({ hosts: new Map() });
    await show(<MachinesPage />);
    expect(screen.getByRole('heading', { name: 'Add your first host' })).toBeTruthy();
  });
});
