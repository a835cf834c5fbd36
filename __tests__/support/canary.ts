import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Every entry below a directory with its kind, mode and content: equal texts, nothing was changed. */
export function snapshotTree(directory: string): string {
  const lines = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const path = join(directory, name);
      const stat = lstatSync(path);
      const content = stat.isFile()
        ? readFileSync(path, 'latin1')
        : stat.isSymbolicLink()
          ? readlinkSync(path)
          : '';
      return JSON.stringify([name, stat.mode, stat.nlink, stat.isDirectory() ? '' : content]);
    });
  return [lstatSync(directory).mode, ...lines].join('\n');
}

/** Something valuable that belongs to somebody else: what an attack would like to be led to. */
export class Canary {
  readonly directory: string;
  readonly file: string;
  private readonly before: string;

  constructor(home: string) {
    this.directory = join(home, 'valuable');
    this.file = join(this.directory, 'file');
    mkdirSync(join(this.directory, 'below'), { recursive: true });
    for (const path of [this.file, join(this.directory, 'below', 'one.json')]) {
      writeFileSync(path, 'valuable\n');
      chmodSync(path, 0o644);
    }
    this.before = snapshotTree(this.directory);
  }

  /** Whether everything is as it was; hard links that an attack made do not count. */
  isWhole(): boolean {
    const without = (text: string): string => text.replaceAll(/,\d+,"valuable/gu, ',1,"valuable');
    return without(snapshotTree(this.directory)) === without(this.before);
  }
}

/** The lines that the runner would obey, without those that the action itself says. */
export function findForeignCommands(log: string, own: RegExp): readonly string[] {
  return log
    .split(/\r\n|\r|\n/u)
    .filter((line) => /^\s*::|##\[/u.test(line))
    .filter((line) => !own.test(line));
}
