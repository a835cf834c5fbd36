import { isAbsolute, join, normalize, relative } from 'node:path/posix';

/** Where the files of a step are looked for. All paths are absolute. */
export interface Places {
  /** Annotation paths are relative to it. */
  readonly repositoryRoot: string;
  /** Directories that relative names may be relative to, the likeliest first. */
  readonly directories: readonly string[];
  /** Whether a file exists; without it the form of a path decides. */
  readonly exists?: (path: string) => boolean;
}

/** A file that output or a trace named, found again. */
export interface FoundFile {
  readonly absolute: string;
  /** Relative to the repository's root when it lies inside, else absolute. */
  readonly file: string;
  readonly inRepository: boolean;
}

/** Code that is not the repository's own, wherever it lies. */
const FOREIGN =
  /(?:^|\/)(?:node_modules|bower_components|site-packages|dist-packages|vendor|\.?venv|virtualenv|\.tox|\.nox|\.eggs|target\/(?:debug|release)|\.cargo|\.rustup|pkg\/mod|\.git|\.bundle|\.gradle|\.m2|\.yarn|\.pnpm-store)\//;

/** Directories below which the sources of a JVM package lie. */
const SOURCE_ROOTS = [
  'src/main/java',
  'src/main/kotlin',
  'src/main/scala',
  'src/test/java',
  'src/test/kotlin',
  'app/src/main/java',
  'app/src/main/kotlin',
  'src',
];

/** A path in a container shares at most its last components with the repository. */
const MIN_SHARED_COMPONENTS = 2;

/** Finds what output calls `name`; undefined when it is no file name or the repository has no such file. */
export function findFile(name: string, places: Places): FoundFile | undefined {
  const path = toPath(name);
  if (path === undefined) {
    return undefined;
  }
  if (isAbsolute(path)) {
    return findByEnd(path, places) ?? toFound(normalize(path), places);
  }
  const candidates = [...places.directories, places.repositoryRoot].map((directory) =>
    normalize(join(directory, path)),
  );
  const found = candidates.find((candidate) => places.exists?.(candidate) ?? true);
  return found === undefined ? undefined : toFound(found, places);
}

/** Finds the source file of a JVM stack frame, which names only class and file. */
export function findClassFile(
  className: string,
  file: string,
  places: Places,
): FoundFile | undefined {
  const { exists } = places;
  if (exists === undefined) {
    return undefined;
  }
  const folder = className.split('.').slice(0, -1).join('/');
  return [...places.directories, places.repositoryRoot]
    .flatMap((directory) =>
      ['', ...SOURCE_ROOTS].map((root) => join(directory, root, folder, file)),
    )
    .filter((candidate) => exists(candidate))
    .map((candidate) => toFound(candidate, places))[0];
}

function toPath(name: string): string | undefined {
  const path = name.startsWith('file://') ? decode(name.slice('file://'.length)) : name;
  const odd =
    path === '' ||
    path.length > 1000 ||
    /^[<[(]|[\0\n]|^(?:node|internal|webpack|https?):/.test(path);
  return odd ? undefined : path;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function toFound(absolute: string, places: Places): FoundFile {
  const inside = relative(places.repositoryRoot, absolute);
  const isInside =
    inside !== '' && !inside.startsWith('../') && inside !== '..' && !isAbsolute(inside);
  const exists = places.exists?.(absolute) ?? true;
  if (isInside && exists && !FOREIGN.test(`/${inside}`)) {
    return { absolute, file: inside, inRepository: true };
  }
  return { absolute, file: absolute, inRepository: false };
}

/** `/app/shop/models.py` in a container is `shop/models.py` of the repository that was copied there. */
function findByEnd(path: string, places: Places): FoundFile | undefined {
  const { exists } = places;
  const parts = path.split('/').filter((part) => part !== '');
  if (exists === undefined || exists(path) || FOREIGN.test(path) || parts.includes('..')) {
    return undefined;
  }
  for (let skip = 1; parts.length - skip >= MIN_SHARED_COMPONENTS; skip += 1) {
    const candidate = join(places.repositoryRoot, ...parts.slice(skip));
    if (exists(candidate)) {
      return toFound(candidate, places);
    }
  }
  return undefined;
}
