import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Known } from '../../checks/ports.ts';
import { failure, success } from '../../result.ts';

/** The error code of a failed system call, or the error's text where there is none. */
export function toErrorCode(error: unknown): string {
  // By its shape: errors may come from another realm than ours.
  const { code, message } = Object(error) as {
    readonly code?: unknown;
    readonly message?: unknown;
  };
  if (typeof code === 'string') return code;
  return typeof message === 'string' ? message : String(error);
}

/**
 * Files in which the kernel and the distribution describe the host. `root` is `/` but for tests, which
 * bring a tree of their own.
 */
export class KernelFiles {
  readonly #root: string;

  constructor(root = '/') {
    this.#root = root;
  }

  /** Where an absolute path of the described host lies for us. */
  at(path: string): string {
    return this.#root === '/' ? path : join(this.#root, path);
  }

  /** The file's text; the error says which file and which code. */
  async read(path: string): Promise<Known<string>> {
    try {
      return success(await readFile(this.at(path), 'utf8'));
    } catch (error) {
      return failure(`${path} cannot be read (${toErrorCode(error)})`);
    }
  }

  /** The file's text without blanks at its ends, `undefined` when it cannot be read. */
  async value(path: string): Promise<string | undefined> {
    const text = await this.read(path);
    return text.ok ? text.value.trim() : undefined;
  }
}
