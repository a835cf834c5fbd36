import { isRefusedEnvName, parseEnvFile, parsePathFile } from '../engine/env-file.ts';
import type { ResultsProblem } from '../ports.ts';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import type { NamedValue, StepResults } from '../state/record.ts';
import type { FileName, RunDirectory } from './run-directory.ts';
import { FILES } from './run-directory.ts';

const MEBIBYTE = 1024 * 1024;
/** The runner does not show a larger one. */
const LARGEST_SUMMARY_BYTES = MEBIBYTE;
/** GitHub's limit for an output of a job. */
const LONGEST_VALUE = MEBIBYTE;
/** All of it is stored with the checkpoint, and replayed. */
const LARGEST_FILE_BYTES = 16 * MEBIBYTE;
/** Linux starts nothing with a variable, its name included, that is not smaller (MAX_ARG_STRLEN). */
const LARGEST_ENTRY_BYTES = MEBIBYTE / 8;

/**
 * Reads what a command wrote to its GITHUB_* files. Like the runner, it leaves out names that GITHUB_ENV
 * may not set, and a summary that is too large; a file that the command has removed is empty.
 */
export function collectResults(directory: RunDirectory): Result<StepResults, ResultsProblem> {
  const outputs = collectValues(directory, FILES.githubOutput, 'GITHUB_OUTPUT');
  if (!outputs.ok) return outputs;
  const env = collectValues(directory, FILES.githubEnv, 'GITHUB_ENV');
  if (!env.ok) return env;
  const path = collectText(directory, FILES.githubPath, 'GITHUB_PATH');
  if (!path.ok) return path;
  const entries = parsePathFile(path.value);
  const misfit = findMisfit(env.value, entries);
  if (misfit !== undefined) return failure(misfit);
  return success({
    outputs: outputs.value,
    env: env.value.filter(({ name }) => !isRefusedEnvName(name)),
    path: entries,
    summary: collectSummary(directory),
  });
}

/**
 * What no process could be started with. It would be handed to every later command, on each re-run
 * again, so that none of them would start, nor any undo: only the step that wrote it can be at fault.
 */
function findMisfit(
  env: readonly NamedValue[],
  path: readonly string[],
): ResultsProblem | undefined {
  const entries = [
    ...env.map(({ name, value }) => ['GITHUB_ENV', `'${name}'`, `${name}=${value}`] as const),
    ['GITHUB_PATH', 'the PATH', `PATH=${path.join(':')}`] as const,
  ];
  for (const [file, what, entry] of entries) {
    if (entry.includes('\0')) {
      const message = `Invalid value: ${what.replaceAll('\0', '\\0')} has a NUL in it, which no environment can hold`;
      return { file, line: 1, message };
    }
    const bytes = Buffer.byteLength(entry);
    if (bytes >= LARGEST_ENTRY_BYTES) {
      return {
        file,
        line: 1,
        message: tooLarge(`Of ${what} the value`, bytes, LARGEST_ENTRY_BYTES),
      };
    }
  }
  return undefined;
}

function collectText(
  directory: RunDirectory,
  name: FileName,
  file: string,
): Result<string, ResultsProblem> {
  const { text, size } = directory.readUpTo(name, LARGEST_FILE_BYTES) ?? { text: '', size: 0 };
  if (size <= LARGEST_FILE_BYTES) return success(text);
  return failure({ file, line: 1, message: tooLarge('The file', size, LARGEST_FILE_BYTES) });
}

function collectValues(
  directory: RunDirectory,
  name: FileName,
  file: string,
): Result<readonly NamedValue[], ResultsProblem> {
  const text = collectText(directory, name, file);
  if (!text.ok) return text;
  const parsed = parseEnvFile(text.value);
  if (!parsed.ok) return failure({ file, ...parsed.error });
  const long = parsed.value.find(({ value }) => value.length > LONGEST_VALUE);
  if (long === undefined) return parsed;
  const message = tooLarge(`The value of '${long.name}'`, long.value.length, LONGEST_VALUE);
  return failure({ file, line: 1, message });
}

function collectSummary(directory: RunDirectory): string {
  const read = directory.readUpTo(FILES.githubStepSummary, LARGEST_SUMMARY_BYTES);
  if (read === undefined) return '';
  if (read.size <= LARGEST_SUMMARY_BYTES) return read.text;
  return `_${tooLarge('This summary', read.size, LARGEST_SUMMARY_BYTES)} It is left out._\n`;
}

function tooLarge(what: string, size: number, limit: number): string {
  const kibibytes = Math.ceil(size / 1024);
  return `${what} has ${kibibytes} KiB, more than the ${limit / 1024} KiB that are allowed.`;
}
