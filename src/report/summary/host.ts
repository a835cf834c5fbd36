import { renderBytes } from '../../checks/quantity.ts';
import { code, stack, table, text } from '../markdown.ts';
import type { DiskSpace, HostReport, HostSnapshot, Recheck } from '../run-report.ts';

/** Less of the whole than this is shown in bold: it may well be the cause. */
const SCARCE = 0.1;

/** Memory, disks and load when the run began and when it had failed. */
export function renderHost(host: HostReport | undefined): string {
  if (host === undefined) return '';
  const { before, after } = host;
  const rows = [
    ...renderMemory(before, after),
    ...after.disks.map((disk) => renderDisk(before.disks, disk)),
    ...renderLoad(before, after),
  ];
  if (rows.length === 0) return '';
  const head = [`Host ${code(host.name, 80)}`, 'At the start', 'When it failed'];
  return table(head, ['left', 'right', 'right'], rows);
}

function renderMemory(before: HostSnapshot, after: HostSnapshot): readonly (readonly string[])[] {
  if (after.memory === undefined) return [];
  const show = ({ memory }: HostSnapshot): string =>
    memory === undefined ? '' : renderShare(memory.availableBytes, memory.totalBytes);
  return [['Memory available', show(before), show(after)]];
}

function renderDisk(before: readonly DiskSpace[], disk: DiskSpace): readonly string[] {
  const earlier = before.find(({ path }) => path === disk.path);
  return [
    `Disk free at ${code(disk.path, 80)}`,
    earlier === undefined ? '' : renderShare(earlier.freeBytes, earlier.totalBytes),
    renderShare(disk.freeBytes, disk.totalBytes),
  ];
}

function renderLoad(before: HostSnapshot, after: HostSnapshot): readonly (readonly string[])[] {
  if (after.load === undefined) return [];
  const { cores } = after.load;
  const show = ({ load }: HostSnapshot): string => load?.oneMinute.toFixed(1) ?? '';
  return [[`Load (1 min, ${cores} ${cores === 1 ? 'core' : 'cores'})`, show(before), show(after)]];
}

function renderShare(bytes: number, total: number): string {
  const shown = `${renderBytes(bytes)} of ${renderBytes(total)}`;
  return total > 0 && bytes / total < SCARCE ? `**${shown}**` : shown;
}

const MARKS = { pass: '✅', warn: '⚠️', fail: '❌' } as const;

/** The checks that fit the failure, carried out once more, and what moved. */
export function renderRecheck(recheck: Recheck | undefined): string {
  if (recheck === undefined || recheck.findings.length === 0) return '';
  const rows = recheck.findings
    .slice(0, 30)
    .map(({ name, status, found, wanted }) => [
      `${MARKS[status]} ${text(name, 120)}`,
      text(found, 200),
      text(wanted, 200),
    ]);
  const changes = recheck.changes.slice(0, 10).map((change) => text(change, 200));
  return stack([
    table(['Checked again', 'Found', 'Wanted'], ['left', 'left', 'left'], rows),
    changes.length === 0 ? '' : `Since the start: ${changes.join('; ')}.`,
  ]);
}
