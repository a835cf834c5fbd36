/** The two functions of semver that the checks use, each from its own module to stay small. */
declare module 'semver/functions/coerce.js' {
  interface Version {
    readonly version: string;
  }
  /** The first version in a text; `null` when there is none. */
  export default function coerce(text: string): Version | null;
  export type { Version };
}

declare module 'semver/functions/satisfies.js' {
  import type { Version } from 'semver/functions/coerce.js';

  /** Whether a version is in a range; a range that is none holds no version. */
  export default function satisfies(version: Version, range: string): boolean;
}
