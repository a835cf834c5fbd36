import { decideColour, renderFaint } from '../../cli/paint.ts';
import { isFarBehind } from '../log-stream.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** How often the live line is drawn anew. */
const REDRAW_MS = 200;
const ERASE_LINE = '\r\u001b[K';
/** Where the terminal does not say. */
const COLUMNS = 80;
const FRAMES = { unicode: '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏', ascii: '|/-\\' } as const;

// eslint-disable-next-line no-control-regex -- colours begin with one
const COLOURS = /\u001b\[[\d;:]{0,64}m/gu;

/** A standard stream; a terminal says so, and how wide it is. */
interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => boolean;
  readonly writableLength?: number;
  readonly on: (event: 'error', listener: () => void) => unknown;
}

/** What people read: a terminal with a live line at its bottom, or a plain stream. */
export interface Screen {
  readonly colour: boolean;
  /** Signs beyond ASCII can be shown. */
  readonly unicode: boolean;
  /** There is a live line. */
  readonly isLive: boolean;
  readonly columns: () => number;
  readonly write: (text: string) => void;
  /** The reader is so far behind that nothing more should be written than must be. */
  readonly isBehind: () => boolean;
  /** What the live line says from now on, for so many columns; it is asked again and again. */
  readonly follow: (render: (columns: number) => string) => void;
  readonly flush: () => void;
  /** Writes what is left and takes the live line away. */
  readonly close: () => void;
}

/**
 * Writes to a stream, once a turn of the event loop. Once the reader is gone, writes are dropped and
 * `onGone` is told: a deployment is not ended half-way because nobody reads its log.
 */
export function createScreen(stream: Stream, env: Env, onGone: () => void): Screen {
  return new StreamScreen(stream, env, onGone);
}

class StreamScreen implements Screen {
  readonly colour: boolean;
  readonly unicode: boolean;
  readonly isLive: boolean;
  #buffered = '';
  #scheduled = false;
  #gone = false;
  /** The last line is not finished: nothing may be drawn below it. */
  #isMidLine = false;
  #isDrawn = false;
  #frame = 0;
  #render: (columns: number) => string = () => '';
  #timer: NodeJS.Timeout | undefined;
  readonly #stream: Stream;

  constructor(stream: Stream, env: Env, onGone: () => void) {
    this.#stream = stream;
    const isTerminal = stream.isTTY === true;
    this.colour = decideColour({ isTerminal, env });
    const locale = ['LC_ALL', 'LC_CTYPE', 'LANG'].find((name) => (env[name] ?? '') !== '');
    this.unicode = /utf-?8/iu.test(env[locale ?? ''] ?? '');
    this.isLive = isTerminal && env['TERM'] !== 'dumb';
    stream.on('error', () => {
      this.#gone = true;
      onGone();
    });
  }

  // A terminal that does not know its width says 0.
  readonly columns = (): number =>
    this.#stream.columns === undefined || this.#stream.columns === 0
      ? COLUMNS
      : this.#stream.columns;

  readonly write = (text: string): void => {
    this.#buffered += text;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.flush);
  };

  readonly isBehind = (): boolean => !this.#gone && isFarBehind(this.#stream);

  readonly follow = (render: (columns: number) => string): void => {
    if (!this.isLive) return;
    this.#render = render;
    this.#timer ??= setInterval(() => {
      this.#frame++;
      this.#draw('');
    }, REDRAW_MS);
    // It must not keep the program alive.
    this.#timer.unref();
  };

  readonly flush = (): void => {
    this.#scheduled = false;
    const text = this.#buffered;
    this.#buffered = '';
    if (text !== '') this.#draw(text);
  };

  readonly close = (): void => {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#render = () => '';
    this.flush();
    this.#draw('');
  };

  /** Takes the live line away, writes, and draws it anew: in one piece, so that nothing flickers. */
  #draw(text: string): void {
    if (this.#gone) return;
    const seen = text.replaceAll(COLOURS, '');
    if (seen !== '') this.#isMidLine = !seen.endsWith('\n');
    const live = this.#isMidLine ? '' : this.#renderLive();
    const erased = this.#isDrawn ? ERASE_LINE : '';
    this.#isDrawn = live !== '';
    if (erased + text + live !== '') this.#stream.write(erased + text + live);
  }

  #renderLive(): string {
    const frames = this.unicode ? FRAMES.unicode : FRAMES.ascii;
    // The last column stays free: some terminals break the line when it is filled.
    const line = this.#render(this.columns() - 3);
    const frame = frames[this.#frame % frames.length] ?? '';
    return line === '' ? '' : renderFaint(`${frame} ${line}`, this.colour);
  }
}
