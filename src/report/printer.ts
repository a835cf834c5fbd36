import { createStop } from '../engine/stop.ts';
import { renderDuration } from '../inputs/duration.ts';
import type { Clock, OutputSink } from '../ports.ts';
import { removeControls } from '../redact/controls.ts';
import { neutralise } from '../redact/neutralise.ts';
import { createOutputFilter } from '../redact/output-filter.ts';
import type { Redactor } from '../redact/redactor.ts';
import { renderCommand } from './commands.ts';
import type { LogPart } from './log.ts';

/** Silence after which what is held back for a possible secret comes out, and how often that is looked at. */
const RELEASE_AFTER_MS = 2_000;
/** Silence after which a running command shows that it is alive. */
const SIGN_OF_LIFE_MS = 60_000;

/** Where everything goes that a person reads while the run goes on. */
export interface Printer {
  /** Lines and group headings: redacted and made inert here, so that no caller can forget it (E7). */
  readonly print: (parts: readonly LogPart[]) => void;
  /** A workflow command of our own. Only `renderCommand` makes these. */
  readonly command: (rendered: string) => void;
  /** Has the runner mask a value too, from the next line on. */
  readonly mask: (value: string) => void;
  /** The output of one command, live. */
  readonly output: (unit: string) => OutputSink;
  /** Closes an open group. */
  readonly end: () => void;
}

export interface PrinterOptions {
  readonly write: (text: string) => void;
  readonly redactor: Redactor;
  readonly clock: Clock;
  /** How a group is opened and closed: commands for the runner, headings in a terminal. */
  readonly groups: { readonly open: (title: string) => string; readonly close: string };
}

export const RUNNER_GROUPS: PrinterOptions['groups'] = {
  open: (title) => renderCommand('group', title),
  close: renderCommand('endgroup'),
};

export function createPrinter({ write, redactor, clock, groups }: PrinterOptions): Printer {
  let groupOpen = false;
  let atLineStart = true;
  const masks: string[] = [];
  const emit = (text: string): void => {
    if (text === '') return;
    // A command inside of somebody's line would not be one.
    if (atLineStart) for (const value of masks.splice(0)) write(renderCommand('add-mask', value));
    write(text);
    atLineStart = text.endsWith('\n') || text.endsWith('\r');
  };
  const startLine = (): void => {
    if (!atLineStart) emit('\n');
  };
  const closeGroup = (): void => {
    startLine();
    if (groupOpen) emit(groups.close);
    groupOpen = false;
  };
  // What acts goes first: taken out later, it could join the halves of a secret.
  const toShown = (text: string): string => neutralise(redactor.redact(removeControls(text)));
  const emitLine = (text: string): void => {
    emit(`${toShown(text)}\n`);
  };
  const openGroup = (title: string): void => {
    emit(groups.open(toShown(title)));
    groupOpen = true;
  };
  return {
    print: (parts) => {
      for (const part of parts) {
        closeGroup();
        switch (part.kind) {
          case 'line':
            emitLine(part.text);
            break;
          case 'group':
            openGroup(part.title);
            part.lines.forEach(emitLine);
            closeGroup();
            break;
          case 'open-group':
            openGroup(part.title);
            break;
        }
      }
    },
    command: (rendered) => {
      closeGroup();
      emit(rendered);
    },
    mask: (value) => {
      masks.push(value);
    },
    output: () => createSink(redactor, clock, emit, startLine),
    end: closeGroup,
  };
}

function createSink(
  redactor: Redactor,
  clock: Clock,
  emit: (text: string) => void,
  startLine: () => void,
): OutputSink {
  const filter = createOutputFilter(redactor);
  const ended = createStop();
  const startedAt = clock.monotonic();
  let lastWriteAt = startedAt;
  const watchSilence = async (): Promise<void> => {
    let lastSignAt = startedAt;
    for (;;) {
      await clock.sleep(RELEASE_AFTER_MS, ended.stop);
      if (ended.stop.requested) return;
      const now = clock.monotonic();
      if (now - lastWriteAt >= RELEASE_AFTER_MS && filter.pending() > 0) emit(filter.release());
      if (now - Math.max(lastWriteAt, lastSignAt) >= SIGN_OF_LIFE_MS) {
        lastSignAt = now;
        startLine();
        emit(
          `… still running after ${renderDuration(now - startedAt)}, silent for ${renderDuration(now - lastWriteAt)}\n`,
        );
      }
    }
  };
  void watchSilence();
  return {
    write: (chunk) => {
      lastWriteAt = clock.monotonic();
      emit(filter.push(chunk));
    },
    end: () => {
      ended.request();
      emit(filter.flush());
    },
  };
}
